"""The outline arranged by hand and by keyboard, and the authors' talk, in real browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from django.core import mail
from playwright.sync_api import Page, expect

from brief import actions
from brief.actions.sections import living
from brief.models import Comment, Section, Thread
from brief.states import Right
from tests.browser.conftest import Looks, Visit
from tests.browser.test_writing import TEXT, address, opened
from tests.cast import Cast


def outline(cast: Cast) -> str:
    return " ".join("." * row.depth + row.title.split()[0] for row in living(cast.brief))


def shows(page: Page, wanted: str) -> None:
    rows = page.locator(".tree > li")
    words = wanted.split()
    expect(rows.locator("> a")).to_have_text([re.compile(rf"^{word.lstrip('.')}") for word in words])
    for place, word in enumerate(words):
        expect(rows.nth(place)).to_have_attribute("data-depth", str(word.count(".")))


def test_authors_arrange_the_outline_and_talk_beside_the_text(
    visit: Visit,
    cast: Cast,
    run_jobs: Callable[[], int],
    axe: Callable[..., None],
    shot: Callable[[Page, str], Path],
) -> None:
    assert cast.sections
    Section.objects.filter(pk=cast.section.pk).update(target_words=40, assignee=cast.partner)
    lea, paz = opened(visit, cast.lead, cast.section), opened(visit, cast.partner, cast.section)
    # By keyboard: the second section goes into the first. The other author's outline follows.
    lea.get_by_role("button", name="Move “Journeys”").focus()
    lea.keyboard.press("Enter")
    expect(lea.get_by_text("Picked up.")).to_be_attached()
    lea.keyboard.press("ArrowRight")
    # Down and up again: it stays in hand where the list is drawn anew.
    lea.keyboard.press("ArrowDown")
    expect(lea.get_by_text("Place 3 of 3, level 2.")).to_be_attached()
    lea.keyboard.press("ArrowUp")
    expect(lea.get_by_text("Place 2 of 3, level 2.")).to_be_attached()
    lea.keyboard.press("Enter")
    shows(paz, "Recruitment .Journeys What")
    # By hand: the third goes between them, let go far to the left.
    grip = lea.get_by_role("button", name="Move “What States can do”").bounding_box()
    goal = lea.locator(".tree > li").nth(1).bounding_box()
    assert grip and goal
    lea.mouse.move(grip["x"] + 8, grip["y"] + 8)
    lea.mouse.down()
    lea.mouse.move(grip["x"] + 8, goal["y"] + 20, steps=4)
    lea.mouse.move(grip["x"] + 8, goal["y"] + 2, steps=4)
    lea.mouse.up()
    shows(paz, "Recruitment .What .Journeys")
    assert outline(cast) == "Recruitment .What .Journeys"
    # Who is at work says so, and the other sees it.
    paz.get_by_role("button", name="I am working on this").click()
    expect(paz.get_by_text("You are working on this")).to_be_visible()
    expect(lea.locator("#section-now")).to_contain_text("Paz Romero is working on this section")
    # A comment on words, with a name: the other has it at once, and a mail.
    lea.locator(f"{TEXT} p").first.click()
    lea.keyboard.press("Control+Home")
    for _ in range(10):
        lea.keyboard.press("Shift+ArrowRight")
    lea.keyboard.press("Control+Alt+m")
    expect(lea.locator("#comment-form [data-quotation]")).to_have_text("Recruiters")
    lea.locator("#comment-body").press_sequentially("Who says so, @pa")
    lea.get_by_role("option", name="Paz Romero").click()
    lea.locator("#comment-form").get_by_role("button", name="Comment").click()
    expect(lea.locator(".talk")).to_have_text("Recruiters")
    expect(paz.locator(".talk")).to_have_text("Recruiters")
    thread = Thread.objects.get()
    card = paz.locator(f"#thread-{thread.pk}")
    expect(card.locator(".mention")).to_have_text("@Paz Romero")
    # A reply that is being written stays when somebody else says something meanwhile.
    card.get_by_text("Reply", exact=True).first.click()
    card.locator("textarea").fill("The agencies")
    lea.locator(f"#thread-{thread.pk} [data-edit]").click()
    lea.locator(f"#thread-{thread.pk} .said + form textarea").fill("Who says so, and where, @Paz Romero?")
    lea.locator(f"#thread-{thread.pk}").get_by_role("button", name="Save").click()
    expect(card).to_contain_text("and where")
    expect(card.locator("textarea")).to_have_value("The agencies")
    card.locator("textarea").press("End")
    card.locator("textarea").press_sequentially(" themselves.")
    card.get_by_role("button", name="Reply").click()
    expect(lea.locator(f"#thread-{thread.pk}")).to_contain_text("The agencies themselves.")
    # From a mail or the desk, the way leads to the words and to what was said of them.
    paz.goto(f"{address(cast.section)}?thread={thread.pk}#thread-{thread.pk}")
    expect(paz.locator(".talk.on")).to_have_text("Recruiters")
    expect(card).to_be_focused()
    shot(lea, "outline-and-talk")
    axe(lea)
    lea.locator(f"#thread-{thread.pk}").get_by_role("button", name="Settle").click()
    expect(paz.locator(".talk")).to_have_count(0)
    lea.locator("#talk-show").select_option("open")
    expect(lea.locator("#talk-list")).to_contain_text("No comment of this kind.")
    run_jobs()
    link = re.search(r"https?://\S+thread=\S+", str(mail.outbox[-1].body)) if mail.outbox else None
    assert link is None, "settled before the mail left: nothing to write"
    assert Comment.objects.filter(edited_at__isnull=False).count() == 1
    # Where the lead author lets this author only read, the room says so.
    actions.give_rights(actor=cast.lead, section=cast.section, authors_may=Right.READ, exceptions={})
    noor = visit(cast.colleague, address(cast.section))
    expect(noor.locator(TEXT)).to_have_attribute("contenteditable", "false")
    expect(noor.get_by_text("You can read this section and comment on it.")).to_be_visible()


def test_the_pages_of_outline_and_talk_are_accessible(visit: Visit, cast: Cast, looks: Looks) -> None:
    assert cast.thread
    actions.shift_section(actor=cast.lead, section=cast.sections[1], way="in")
    Section.objects.filter(pk=cast.section.pk).update(target_words=40, assignee=cast.partner)
    actions.reply_to_thread(actor=cast.partner, thread=cast.thread, body="Ask @Lea Lindqvist.")
    actions.work_on(actor=cast.partner, section=cast.section)
    page = visit(cast.lead, f"/write/{cast.brief.pk}/")
    for name, path in (
        ("home", ""),
        ("talk", "talk/"),
        ("room", f"sections/{cast.section.pk}/"),
    ):
        page.goto(f"/write/{cast.brief.pk}/{path}")
        if name == "room":
            expect(page.locator(".side-tabs")).to_be_attached()
        looks(page, f"outline-{name}")

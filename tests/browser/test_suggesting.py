"""Suggesting in the writing room: one suggests, another decides, and both see who did what."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from brief import actions, steps
from brief.models import Section, Suggestion
from brief.states import Right
from document import tree
from tests.browser.conftest import Looks, Visit
from tests.browser.test_writing import TEXT, at_end, opened, saved, stored
from tests.cast import Cast

SWITCH = "button.tool:has-text('Suggesting')"
ITEM = ".suggestion[data-suggestion]"


def suggesting(page: Page) -> None:
    page.locator(SWITCH).click()
    expect(page.locator(".suggest-band")).to_be_visible()
    expect(page.locator(SWITCH)).to_have_attribute("aria-pressed", "true")


def beside(page: Page) -> None:
    page.get_by_role("tab", name="Suggestions").click()


def test_one_suggests_and_another_decides_one_by_one(
    visit: Visit, cast: Cast, looks: Looks, shot: Callable[[Page, str], Path]
) -> None:
    section = cast.section
    before = tree.text(stored(section))
    paz, lea = opened(visit, cast.partner, section), opened(visit, cast.lead, section)
    suggesting(paz)
    at_end(paz)
    paz.keyboard.type(" And by relatives.")
    paz.keyboard.press("Control+Home")
    for _ in range(len("Recruiters")):
        paz.keyboard.press("Shift+ArrowRight")
    paz.keyboard.type("Agents")
    paz.keyboard.press("ArrowRight")
    for _ in range(8):
        paz.keyboard.press("Delete")
    paz.keyboard.press("End")
    paz.keyboard.press("Enter")
    paz.keyboard.type("A paragraph of its own.")
    saved(paz)
    expect(lea.locator(f"{TEXT} ins", has_text="Agents")).to_be_visible()
    expect(lea.locator(f"{TEXT} del", has_text="Recruiters")).to_be_visible()
    beside(lea)
    expect(lea.locator(ITEM).first).to_contain_text(cast.partner.name)
    expect(lea.locator(ITEM, has_text="And by relatives.")).to_be_visible()
    expect(lea.locator(ITEM, has_text="A paragraph of its own.")).to_be_visible()
    count = lea.locator(ITEM).count()
    assert count == 4
    expect(lea.get_by_role("tab", name="Suggestions")).to_contain_text(str(count))
    shot(lea, "suggestions")
    looks(lea, "suggestions")
    first = lea.locator(ITEM).first
    expect(first).to_contain_text("Recruiters")
    first.focus()
    lea.keyboard.press("a")
    expect(lea.locator(ITEM)).to_have_count(count - 1)
    expect(paz.locator(f"{TEXT} del", has_text="Recruiters")).to_have_count(0)
    row = Suggestion.objects.get(section=section, decision="accepted")
    assert (row.author, row.decided_by) == (cast.partner, cast.lead)
    expect(lea.locator(".suggestion-past")).to_contain_text(f"Accepted by {cast.lead.name}")
    at_end(lea)
    lea.keyboard.press("Control+Alt+y")
    expect(lea.locator(ITEM)).to_have_count(count - 2)
    all_of_them = lea.get_by_role("button", name="Reject all")
    all_of_them.click()
    lea.get_by_role("button", name="Press again").click()
    expect(lea.locator(ITEM)).to_have_count(0)
    saved(lea)
    left = tree.text(stored(section))
    assert left.startswith("Agents")
    assert left.endswith("And by relatives.")
    kept = left.removeprefix("Agents").removesuffix("And by relatives.").split()
    assert kept == before.removeprefix("Recruiters").split()


def test_until_suggesting_is_there_nothing_is_written_instead(visit: Visit, cast: Cast) -> None:
    """On a slow line the switch takes a moment; words meant as a suggestion must not become the text meanwhile."""
    section = cast.section
    before = tree.text(stored(section))
    page, held = visit(cast.lead), []
    page.route(re.compile(r"/change-[\w-]+\.js"), lambda route: held.append(route))
    page.goto(f"/write/{section.brief_id}/sections/{section.pk}/")
    at_end(page)
    page.locator(SWITCH).click()
    at_end(page)
    page.keyboard.type(" Too early.")
    expect(page.locator(".suggest-band")).to_be_hidden()
    assert held
    expect(page.locator(TEXT)).not_to_contain_text("early")
    for route in held:
        route.continue_()
    expect(page.locator(".suggest-band")).to_be_visible()
    at_end(page)
    page.keyboard.type(" In time.")
    saved(page)
    expect(page.locator(f"{TEXT} ins", has_text="In time.")).to_be_visible()
    assert tree.text(stored(section)) == before + " In time."


def test_who_may_only_suggest_begins_suggesting_and_takes_back_what_is_theirs(visit: Visit, cast: Cast) -> None:
    section = cast.section
    before = tree.text(stored(section))
    actions.give_rights(actor=cast.lead, section=section, authors_may=Right.SUGGEST, exceptions={})
    page = opened(visit, cast.partner, section)
    expect(page.locator(".suggest-band")).to_be_visible()
    at_end(page)
    page.keyboard.type(" Perhaps.")
    saved(page)
    assert "insertion" in str(stored(section))
    page.locator(SWITCH).click()
    expect(page.locator(".room-said")).to_contain_text("In this section you can suggest changes")
    beside(page)
    expect(page.locator(ITEM).get_by_role("button", name="Accept")).to_have_count(0)
    page.locator(ITEM).get_by_role("button", name="Reject").click()
    expect(page.locator(ITEM)).to_have_count(0)
    assert tree.text(stored(section)) == before


def test_replacing_in_the_whole_brief_while_suggesting_makes_suggestions(
    visit: Visit, cast: Cast, shot: Callable[[Page, str], Path]
) -> None:
    first, second = cast.sections[:2]
    for section, words in ((first, "A broker met a broker."), (second, "One broker is enough.")):
        doc = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]}
        steps.edit(actor=cast.lead, section=section, edits=[{"op": "replace_document", "doc": doc}])
    Section.objects.filter(pk=second.pk).update(authors_may=Right.SUGGEST)
    page = opened(visit, cast.partner, first)
    page.locator(TEXT).focus()
    page.keyboard.press("Control+f")
    card = page.get_by_role("dialog", name="Find and replace")
    card.get_by_label("The whole brief").check()
    card.get_by_label("Find", exact=True).fill("broker")
    card.get_by_label("Replace with").fill("agent")
    # In one of the two sections this person may only suggest.
    expect(card.get_by_role("button", name="Replace 3 places in the chosen sections")).to_be_visible()
    expect(card).to_contain_text("Each place becomes a suggestion of its own")
    suggesting(page)
    card.get_by_label("The whole brief").check()
    card.get_by_label("Find", exact=True).press("Enter")
    card.get_by_role("button", name="Suggest replacing 3 places in the chosen sections").click()
    expect(card.get_by_role("status")).to_have_text("3 replacements suggested.")
    expect(page.locator(f"{TEXT} ins", has_text="agent")).to_have_count(2)
    shot(page, "replace-suggesting")
    # What was suggested has come into the text and is looked through again: the sentence stays.
    page.wait_for_timeout(700)
    expect(card.get_by_role("status")).to_have_text("3 replacements suggested.")
    assert Suggestion.objects.filter(section=second, author=cast.partner, decision="").count() == 1
    card.get_by_role("button", name="Undo replacing").click()
    expect(card.get_by_role("status")).to_have_text("3 places are as they were.")
    expect(page.locator(f"{TEXT} ins")).to_have_count(0)
    assert tree.text(stored(second)) == "One broker is enough."


def test_undo_takes_back_what_was_typed_and_what_was_decided_in_their_order(
    visit: Visit, cast: Cast, shot: Callable[[Page, str], Path]
) -> None:
    section = cast.section
    paz, lea = opened(visit, cast.partner, section), opened(visit, cast.lead, section)
    suggesting(paz)
    at_end(paz)
    paz.keyboard.type(" And by relatives.")
    saved(paz)
    mark, told = lea.locator(f"{TEXT} ins", has_text="And by relatives."), lea.locator(ITEM)
    expect(mark).to_be_visible()
    beside(lea)
    expect(told).to_contain_text(cast.partner.name)
    who = told.locator(".meta").inner_text()
    before = stored(section)
    lea.locator(TEXT).focus()
    lea.keyboard.press("Control+Home")
    lea.keyboard.type("Now ")
    told.get_by_role("button", name=re.compile("^Reject")).click()
    expect(mark).to_have_count(0)
    expect(lea.get_by_text("Suggestion rejected.")).to_be_visible()
    lea.locator(TEXT).focus()
    lea.keyboard.press("Control+Home")
    lea.keyboard.type("Often ")
    expect(lea.locator(TEXT)).to_contain_text("Often Now Recruiters")
    lea.keyboard.press("Control+z")
    expect(lea.locator(TEXT)).not_to_contain_text("Often")
    expect(mark).to_have_count(0)
    lea.keyboard.press("Control+z")
    expect(mark).to_be_visible()
    expect(told.locator(".meta")).to_have_text(who)
    expect(lea.locator(TEXT)).to_contain_text("Now Recruiters")
    shot(lea, "decision-undone")
    lea.keyboard.press("Control+z")
    expect(lea.locator(TEXT)).not_to_contain_text("Now")
    saved(lea)
    assert stored(section) == before
    # From the list beside the text, where the focus is after an answer; and before the answer is there.
    told.get_by_role("button", name=re.compile("^Accept")).click()
    expect(mark).to_have_count(0)
    lea.keyboard.press("Control+z")
    expect(mark).to_be_visible()
    expect(lea.get_by_text("waits again")).to_be_visible()
    # What somebody else has written into stays decided, and a sentence says so.
    told.get_by_role("button", name=re.compile("^Accept")).click()
    expect(mark).to_have_count(0)
    expect(lea.get_by_text("Suggestion accepted.")).to_be_visible()
    paz.locator(SWITCH).click()
    at_end(paz)
    for _ in range(4):
        paz.keyboard.press("ArrowLeft")
    paz.keyboard.type("x")
    saved(paz)
    expect(lea.locator(TEXT)).to_contain_text("relatix")
    lea.get_by_role("button", name="Undo", exact=True).click()
    expect(lea.get_by_text("This place has been changed since, so the decision stays.")).to_be_visible()


def test_who_writes_on_while_an_answer_is_on_its_way_is_not_taken_from_the_text(visit: Visit, cast: Cast) -> None:
    section = cast.section
    paz, lea = opened(visit, cast.partner, section), opened(visit, cast.lead, section)
    suggesting(paz)
    at_end(paz)
    paz.keyboard.type(" And by relatives.")
    saved(paz)
    beside(lea)
    reject = lea.locator(ITEM).get_by_role("button", name=re.compile("^Reject"))
    expect(reject).to_be_visible()
    seen = []

    def late(route: Route) -> None:
        time.sleep(0.5)
        seen.append(route.request.method)
        route.continue_()

    lea.route(re.compile("/suggestions"), late)
    reject.click()
    lea.locator(TEXT).focus()
    lea.keyboard.press("Control+Home")
    for letter in "Are all here? ":
        lea.keyboard.type(letter)
        lea.wait_for_timeout(80)
    expect(lea.get_by_text("Suggestion rejected.")).to_be_visible()
    lea.keyboard.type("Yes. ")
    expect(lea.locator(TEXT)).to_contain_text("Are all here? Yes. Recruiters")
    assert "POST" in seen

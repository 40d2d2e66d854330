"""The reading room, the answers and the board in a real browser: each size and scheme, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from review import actions
from review.models import Invitation, ReviewThread, Round
from tests.browser.conftest import Looks, Visit
from tests.cast import Cast

Look = Callable[[Page], None]
Shot = Callable[[Page, str], Path]


def fresh(cast: Cast) -> Round:
    return Round.objects.select_related("brief", "version").get(pk=cast.round.pk)


def reload(thread: ReviewThread) -> ReviewThread:
    return ReviewThread.objects.select_related("round__brief", "invitation", "thread").get(pk=thread.pk)


@pytest.fixture
def story(cast: Cast) -> dict[str, str]:
    """A round in which something has happened, and the address of each of its pages."""
    assert cast.invitation and cast.second_invitation and cast.open_invitation
    say = {"actor": cast.reviewer, "round": fresh(cast), "section": cast.section}
    first = actions.add_comment(
        **say,
        body="True for text, less so for the sea routes. Please qualify.",
        block="recruit00001",
        start=0,
        end=31,
        proposed_change="Many recruiters promise work abroad",
        severity="major",
    )
    second = actions.add_comment(
        **say, body="Say who charges them.", block="recruit00002", note_to_editor="I can name one, in confidence."
    )
    receipt = actions.submit(actor=cast.reviewer, round=fresh(cast))
    actions.resume(actor=cast.reviewer, round=fresh(cast))
    actions.add_comment(**say, body="“Many” or “some”?", block="recruit00001", start=36, end=44, draft=True)
    actions.propose(
        actor=cast.lead, thread=reload(first), outcome="modified", response="Qualified, with the figures we have."
    )
    actions.confirm(actor=cast.editor, disposition=reload(first).disposition)
    pages = {
        name: reverse(f"review:{name}", args=[cast.round.pk])
        for name in ("room", "comments", "charge", "naming", "submit", "outcome", "answers", "manage", "deadline")
    }
    return pages | {
        "section": reverse("review:section", args=[cast.round.pk, cast.section.pk]) + f"?thread={first.pk}",
        "receipt": reverse("review:receipt", args=[cast.round.pk, receipt.number]),
        "answer": reverse("review:answer", args=[cast.round.pk, second.pk]),
        "new_comment": reverse("review:new_comment", args=[cast.round.pk])
        + f"?section={cast.section.pk}&block=recruit00002",
        "declarations": reverse("review:declarations", args=[cast.round.pk]),
        "person": reverse("review:reviewer", args=[cast.round.pk, cast.invitation.pk]),
        "mail": reverse("review:preview", args=[cast.round.pk, cast.invitation.pk]),
        "new": reverse("review:new", args=[cast.brief.pk]),
        "landing": reverse("review:invitation", args=[cast.open_invitation[1]]),
    }


WHO = {
    "reviewer": ("room", "section", "comments", "charge", "naming", "submit", "outcome", "receipt", "new_comment"),
    "second_reviewer": ("declarations",),
    "lead": ("answers", "answer"),
    "editor": ("manage", "person", "mail", "new", "deadline"),
    "": ("landing",),
}


def test_every_page_is_accessible_at_each_size(visit: Visit, cast: Cast, story: dict[str, str], looks: Looks) -> None:
    for person, names in WHO.items():
        page = visit(cast[person] if person else None)
        for name in names:
            page.goto(story[name])
            looks(page, f"review-{name}")


def test_words_are_selected_and_commented_on(visit: Visit, cast: Cast) -> None:
    assert cast.invitation
    page = visit(cast.reviewer, reverse("review:section", args=[cast.round.pk, cast.section.pk]))
    page.evaluate(
        """() => { const words = document.querySelector('[data-block=recruit00002]').firstChild;
        const range = document.createRange(); range.setStart(words, 9); range.setEnd(words, 16);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    page.get_by_role("button", name="Comment on these words").click()
    form = page.locator("#composer form")
    expect(form.locator("blockquote")).to_have_text("charged")
    expect(form.locator("textarea[name=body]")).to_be_focused()
    form.locator("textarea[name=body]").fill("By whom?")
    form.get_by_role("button", name="Add comment").click()
    expect(page.locator("article.thread.on")).to_contain_text("By whom?")
    expect(page.locator("mark.on")).to_have_text("charged")
    anchor = ReviewThread.objects.get(number=1).thread.anchor
    assert (anchor.block, anchor.start, anchor.end, anchor.quotation) == ("recruit00002", 9, 16, "charged")


def test_offsets_count_notes_as_one_and_skip_what_is_not_text(visit: Visit, cast: Cast) -> None:
    assert cast.invitation
    page = visit(cast.reviewer, reverse("review:section", args=[cast.round.pk, cast.section.pk]))
    page.evaluate(
        """() => { const block = document.querySelector('[data-block=recruit00001]');
        block.innerHTML = 'One <sup data-atom><a href="#n">1</a></sup><a data-skip href="#t">K-1</a> 🌍 <em>two</em>';
        const words = block.querySelector('em').firstChild; const range = document.createRange();
        range.setStart(words, 0); range.setEnd(words, 3);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    with page.expect_request(lambda request: "comments/new" in request.url) as asked:
        page.get_by_role("button", name="Comment on these words").click()
    assert "start=9&end=12" in asked.value.url, "4 + one note + blank + a pair of units + blank"


def test_a_whole_review_without_scripts_on_a_phone(visit: Visit, cast: Cast) -> None:
    assert cast.invitation
    page = visit(cast.reviewer, reverse("review:room", args=[cast.round.pk]), width=360, javascript=False)
    page.get_by_role("link", name="Begin reading").click()
    page.get_by_role("link", name="Comment on paragraph 2").click()
    page.locator("textarea[name=body]").fill("Say who charges them.")
    page.get_by_label("Proposed change").fill("Recruiters charge fees before departure.")
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("body")).to_contain_text("Comment added.")
    page.get_by_role("button", name="I have read this section").click()
    expect(page.locator("main")).to_contain_text("Marked as read")
    page.get_by_role("link", name="Hand in…").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Receipt")
    expect(page.locator("article.thread")).to_contain_text("Say who charges them.")


def test_declarations_take_a_reviewer_to_the_text(visit: Visit, cast: Cast) -> None:
    assert cast.second_invitation
    page = visit(cast.second_reviewer, reverse("review:room", args=[cast.round.pk]), width=360)
    page.get_by_label("as an individual expert").check()
    page.get_by_role("group", name="Do you have an interest").get_by_label("No").check()
    page.get_by_label("I undertake this").check()
    page.get_by_role("group", name="Could it put you").get_by_label("No").check()
    page.get_by_role("button", name="Declare and read").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(cast.brief.title)
    assert Invitation.objects.get(pk=cast.second_invitation.pk).status == "declared"


def test_an_author_applies_a_change_and_the_editor_confirms(visit: Visit, cast: Cast) -> None:
    assert cast.invitation
    thread = actions.add_comment(
        actor=cast.reviewer,
        round=fresh(cast),
        section=cast.section,
        body="Not all do.",
        block="recruit00001",
        start=0,
        end=10,
        proposed_change="Many recruiters",
    )
    actions.submit(actor=cast.reviewer, round=fresh(cast))
    address = reverse("review:answer", args=[cast.round.pk, thread.pk])
    page = visit(cast.lead, address)
    page.get_by_role("button", name="Put the proposed change into the text").click()
    expect(page.locator(".versus .now mark")).to_contain_text("Many recruiters")
    page = visit(cast.editor, address)
    page.get_by_role("button", name="Confirm", exact=True).click()
    page = visit(cast.reviewer, reverse("review:outcome", args=[cast.round.pk]))
    expect(page.locator("article.thread")).to_contain_text("Your words went into the text.")

"""Step 6 of the story: a reviewer, from the mail to the receipt, with scripts on a desk and without on a phone."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from review import actions
from review.models import Invitation, Receipt, ReviewThread, Round
from tests.browser.conftest import Visit
from tests.browser.story import Jobs, Look, enter_code, newest_mail
from tests.cast import Cast

ADDRESS = "amina@reader.example"


@pytest.fixture
def link(cast: Cast, live: str, run_jobs: Jobs) -> str:
    """The address in Amina's mail."""
    round_ = Round.objects.get(pk=cast.round.pk)
    actions.invite(actor=cast.editor, round=round_, people=[(ADDRESS, "Amina Noor")])
    actions.send_invitations(actor=cast.editor, round=round_)
    run_jobs()
    found = re.search(rf"{live}/invitations/\S+", newest_mail(ADDRESS))
    assert found
    return found.group()


def declare(page: Page) -> None:
    expect(page.get_by_role("heading", name="Before you read")).to_be_visible()
    page.locator("input[name=capacity][value=individual]").check()
    page.get_by_label("Sector").first.select_option(label="NGO")
    page.locator("input[name=has_interests][value=no]").check()
    page.locator("input[name=confidentiality]").check()
    page.locator("input[name=naming]").first.check()
    page.locator("input[name=at_risk][value=no]").check()
    page.get_by_role("button", name="Declare and read").click()
    expect(page.get_by_role("heading", name="Before you read")).to_have_count(0)


def select_words(page: Page, block: str, first: int, last: int) -> None:
    page.evaluate(
        """([block, first, last]) => { const words = document.querySelector(`[data-block=${block}]`).firstChild;
        const range = document.createRange(); range.setStart(words, first); range.setEnd(words, last);
        getSelection().removeAllRanges(); getSelection().addRange(range); }""",
        [block, first, last],
    )
    page.get_by_role("button", name="Comment on these words").click()


def comment(page: Page, javascript: bool) -> None:
    """On selected words with scripts, on a paragraph without."""
    if javascript:
        select_words(page, "recruit00002", 0, 4)
        form = page.locator("#composer form")
    else:
        page.get_by_role("link", name="Comment").nth(1).click()
        form = page.locator("form.comment-form")
    form.locator("[name=body]").fill("Which fees? Name them.")
    form.locator("[name=proposed_change]").fill("Three kinds of fees")
    form.locator("[name=type]").select_option(label="technical")
    form.locator("[name=severity]").select_option(label="major")
    form.locator("[name=note_to_editor]").fill("I can name two, in confidence.")
    form.locator("[name=safeguarding]").check()
    form.get_by_role("button", name="Add comment").click()
    expect(page.locator("article.thread", has_text="Which fees?")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "javascript"), [(1280, True), (360, False)], ids=["desk with scripts", "phone without"]
)
def test_a_reviewer_comes_by_mail_and_leaves_with_a_receipt(
    visit: Visit, cast: Cast, link: str, run_jobs: Jobs, axe: Look, fits: Look, width: int, javascript: bool
) -> None:
    page = visit(None, link, width=width, javascript=javascript)
    expect(page.locator("main")).not_to_contain_text(cast.brief.title)
    assert Invitation.objects.get(email=ADDRESS).status == "invited"
    fits(page)
    page.get_by_role("button", name="Accept and get my code").click()
    enter_code(page, ADDRESS, run_jobs)
    declare(page)
    text = reverse("review:section", args=[cast.round.pk, cast.section.pk])
    page.goto(text)
    expect(page.locator("main")).to_contain_text("Recruiters promise work abroad")
    fits(page)
    comment(page, javascript)
    if javascript:
        axe(page)
    page.goto(text)
    page.get_by_role("button", name="I have read this section").click()
    expect(page.locator("main")).to_contain_text("Marked as read")
    page.goto(reverse("review:charge", args=[cast.round.pk]))
    page.get_by_label("partly").first.check()
    page.get_by_role("button", name="Keep my answers").click()
    expect(page.locator("body")).to_contain_text("Your answers are kept.")
    page.get_by_role("link", name=re.compile("^named")).click()
    page.locator("input[name=naming]").nth(1).check()
    page.locator("main form button").first.click()
    expect(page.locator("body")).to_contain_text("Kept: this is how you are named.")
    page.goto(reverse("review:submit", args=[cast.round.pk]))
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name=re.compile("^Receipt "))).to_be_visible()
    receipt = Receipt.objects.get(invitation__email=ADDRESS)
    expect(page.get_by_role("heading", name=f"Receipt {receipt.number}")).to_be_visible()
    fits(page)
    run_jobs()
    assert receipt.number in newest_mail(ADDRESS)
    thread = ReviewThread.objects.get(invitation__email=ADDRESS)
    assert (thread.severity, thread.safeguarding, thread.handed_at is not None) == ("major", True, True)
    assert User.objects.get(email=ADDRESS).name == "Amina Noor"
    assert "safeguarding" in newest_mail(cast.safeguarding.email).lower()


def test_a_used_link_says_so_and_offers_sign_in(visit: Visit, cast: Cast, link: str) -> None:
    page = visit(None, link)
    page.get_by_role("button", name="Accept and get my code").click()
    expect(page.get_by_label("Code from the mail")).to_be_visible()
    again = visit(None, link)
    expect(again.locator("main")).to_contain_text("has been used")


def test_who_declines_leaves_nothing_behind(visit: Visit, cast: Cast, link: str) -> None:
    page = visit(None, link, javascript=False)
    page.get_by_text("Decline", exact=True).first.click()
    page.get_by_role("button", name="Decline the invitation").click()
    expect(page.get_by_role("button", name="Decline the invitation")).to_have_count(0)
    declined = Invitation.objects.get(round=cast.round, status="declined")
    assert (declined.email, declined.name, declined.user) == ("", "", None)

"""Step 5 of the story: the review editor freezes a version, opens a round and invites by address."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from brief.models import Version
from review.models import Invitation, Round
from tests.browser.conftest import Visit
from tests.browser.story import Jobs, Look, agree, newest_mail, sign_in
from tests.cast import Cast


def freeze(page: Page, cast: Cast) -> Version:
    page.goto(f"/write/{cast.brief.pk}/versions/")
    page.get_by_label("Order draft").select_option(label="first-order draft")
    page.get_by_role("button", name="Freeze").click()
    expect(page.locator("main")).to_contain_text("Version 1")
    return Version.objects.get(brief=cast.brief)


def set_up(page: Page, cast: Cast) -> Round:
    page.goto(f"/write/{cast.brief.pk}/")
    page.get_by_role("link", name="Set up a round").click()
    page.get_by_label("Title").first.fill("First round")
    page.get_by_label("Topic").fill("seasonal work")
    page.get_by_label("Day").fill((timezone.now() + timedelta(days=21)).date().isoformat())
    page.get_by_label("Time zone").select_option("Asia/Bangkok")
    page.locator("textarea[name$='-text']").first.fill("Is the evidence sufficient?")
    page.get_by_role("button", name="Keep the round").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("First round")
    return Round.objects.get(brief=cast.brief)


def test_a_round_is_opened_and_people_are_invited(visit: Visit, cast: Cast, run_jobs: Jobs, axe: Look) -> None:
    assert cast.sections
    page = visit(None)
    sign_in(page, cast.editor, run_jobs)
    version = freeze(page, cast)
    page.goto(f"/write/{cast.brief.pk}/versions/1/")
    expect(page.locator("main")).to_contain_text(version.content_hash[:4])
    expect(page.locator("[data-block=recruit00002], #b-recruit00002, #recruit00002").first).to_be_visible()
    round_ = set_up(page, cast)
    page.get_by_label("E-mail addresses").fill("Amina Noor <amina@reader.example>\nben@reader.example")
    page.get_by_role("button", name="Add to the list").click()
    expect(page.locator("main")).to_contain_text("Amina Noor")
    assert set(Invitation.objects.values_list("status", flat=True)) == {"draft"}
    axe(page)
    page.get_by_role("button", name="Open and send 2 invitations").click()
    agree(page)
    expect(page.locator(".tag", has_text="open").first).to_be_visible()
    run_jobs()
    assert "/invitations/" in newest_mail("amina@reader.example")
    assert cast.brief.title not in newest_mail("amina@reader.example")
    manage(page, round_, run_jobs)


def manage(page: Page, round_: Round, run_jobs: Jobs) -> None:
    """Send again, give more time, take back, close."""
    amina = Invitation.objects.get(email="amina@reader.example")
    first = newest_mail(amina.email)
    address = f"/review/{round_.pk}/manage/{amina.pk}/"
    page.goto(address)
    page.get_by_role("button", name="Send a new link").click()
    expect(page.locator("body")).to_contain_text("A new link is on its way")
    run_jobs()
    assert newest_mail(amina.email) != first
    ben = Invitation.objects.get(email="ben@reader.example")
    page.goto(f"/review/{round_.pk}/manage/{ben.pk}/")
    page.get_by_role("button", name="Take the invitation back").click()
    agree(page)
    expect(page.locator("main")).to_contain_text("cancelled")
    page.goto(f"/review/{round_.pk}/manage/")
    page.get_by_role("button", name="Close the round").click()
    agree(page)
    expect(page.locator(".tag", has_text="closed").first).to_be_visible()
    round_.refresh_from_db()
    assert round_.is_closed

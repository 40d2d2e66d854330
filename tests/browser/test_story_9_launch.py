"""Step 9 of the story: before the embargo's end nobody sees anything; after it everybody sees all, without a worker."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import APIResponse, Page, expect

from accounts import second_factor
from brief.actions import edit_brief
from ledger import clock
from release import actions
from release.models import Embargo, Release
from tests.browser.conftest import Visit
from tests.browser.story import Jobs, Look
from tests.cast import Cast
from tests.factories.releases import IMPRINT


@pytest.fixture
def cleared(cast: Cast, run_jobs: Jobs) -> Release:
    """Built and signed by both organisations."""
    edit_brief(actor=cast.lead, brief=cast.brief, **IMPRINT)
    release: Release = actions.build_candidate(actor=cast.editor, brief=cast.brief, version=cast.version)
    run_jobs()
    release.refresh_from_db()
    for person in (cast.approver, cast.partner_approver):
        code = second_factor.current_code(person)
        actions.sign(actor=person, release=release, manifest_sha256=release.manifest_sha256, code=code)
    return Release.objects.get(pk=release.pk)


def set_launch(page: Page, release: Release, soon: timedelta) -> None:
    """By the form for an hour from now; then the row is set to seconds ahead: forms know minutes."""
    page.goto(reverse("release:launch", args=[release.pk]))
    wall = (clock.database_now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    page.get_by_label("Date and time on the clock there").fill(wall)
    page.locator("form[action$='/embargo/']").get_by_label("Time zone").select_option("UTC")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator(".zones li")).to_have_count(3)
    page.get_by_text("Set up a launch event").click()
    form = page.locator("form[action$='/event/']")
    form.get_by_label("Title").fill("The launch")
    form.locator("[name=slug]").fill("the-launch")
    form.locator("[name=starts_wall_time]").fill(wall)
    form.get_by_label("Place").fill("Hall 2")
    form.get_by_role("button", name="Save the event").click()
    expect(page.get_by_role("link", name="/events/the-launch/")).to_be_visible()
    Embargo.objects.filter(release=release).update(instant=clock.database_now() + soon)


def seen(answer: APIResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    headers = [(each["name"], each["value"]) for each in answer.headers_array if each["name"].lower() != "date"]
    return answer.status, answer.body(), sorted(headers)


def test_the_clock_lets_everybody_in_at_once(visit: Visit, cleared: Release, cast: Cast, axe: Look) -> None:
    slug = cast.brief.slug
    public = visit(None, "/")
    expect(public.locator("main")).not_to_contain_text(cast.brief.title)
    press = visit(cast.press)
    set_launch(press, cleared, timedelta(seconds=8))
    nothing = seen(public.request.get("/briefs/no-such-brief/"))
    assert nothing[0] == 404
    for path in (f"/briefs/{slug}/", f"/briefs/{slug}/brief.pdf", "/events/the-launch/"):
        assert seen(public.request.get(path)) == nothing, path
    instant = Embargo.objects.get(release=cleared).instant
    while clock.database_now() < instant:
        time.sleep(0.1)
    begun = time.monotonic()
    while not public.request.get(f"/briefs/{slug}/").ok:
        assert time.monotonic() - begun < 2, "not public within two seconds, with no worker running"
        time.sleep(0.05)
    public.goto(f"/briefs/{slug}/")
    expect(public.get_by_role("heading", level=1)).to_have_text(cast.brief.title)
    axe(public)
    public.goto("/events/the-launch/")
    expect(public.get_by_role("link", name=cast.brief.title).first).to_have_attribute("href", f"/briefs/{slug}/")


def test_library_and_feed_follow(visit: Visit, cleared: Release, cast: Cast, run_jobs: Jobs) -> None:
    set_launch(visit(cast.press), cleared, timedelta(seconds=1))
    time.sleep(1.2)
    run_jobs()
    page = visit(None, "/")
    expect(page.get_by_role("link", name=cast.brief.title).first).to_be_visible()
    feed = page.locator("link[type='application/atom+xml'], link[type='application/rss+xml']").first
    address = feed.get_attribute("href")
    assert address
    assert cast.brief.title in page.request.get(address).text()


def test_a_hold_stops_the_clock(visit: Visit, cleared: Release, cast: Cast) -> None:
    page = visit(cast.press)
    set_launch(page, cleared, timedelta(seconds=20))
    page.reload()
    page.get_by_text("Hold the launch").click()
    page.get_by_label("Why").fill("The hall is flooded.")
    page.get_by_role("button", name="Hold", exact=True).click()
    expect(page.locator("main")).to_contain_text("The hall is flooded.")
    Embargo.objects.filter(release=cleared).update(instant=clock.database_now() - timedelta(seconds=1))
    assert visit(None).request.get(f"/briefs/{cast.brief.slug}/").status == 404

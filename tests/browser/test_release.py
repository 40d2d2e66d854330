"""Clearance, launch and the public pages in a browser: passkeys, countdown, outline, looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from release import actions
from release.models import SignOff
from tests.browser.conftest import Looks, Visit
from tests.browser.story import app_code
from tests.browser.test_accounts import AUTHENTICATOR
from tests.cast import Cast
from tests.factories.releases import end_embargo, in_clearance, scheduled

Check = Callable[[Page], None]
Shot = Callable[[Page, str], object]
pytestmark = pytest.mark.usefixtures("small_files")


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs run in the test's process, so that small files serve here as well."""
    from tests.factories.releases import build_small

    monkeypatch.setattr("document.artefacts.build", build_small)
    monkeypatch.setattr("document.pdfcheck.check", lambda data, names=(): [])


def test_an_approver_signs_with_a_passkey(visit: Visit, cast: Cast) -> None:
    release = in_clearance(cast)
    page = visit(cast.approver)
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/account/factor/passkeys/add/")
    page.locator("main input[name=code]").fill(app_code(cast.approver))
    page.locator("main").get_by_role("button").first.click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("form[data-passkey=create]")).to_have_count(0)
    page.goto(reverse("release:clearance", args=[release.pk]))
    page.get_by_role("button", name="Sign with a passkey").click()
    expect(page.locator(".signature.signed")).to_contain_text("passkey")
    given = SignOff.objects.get()
    assert (given.factor, given.manifest_sha256) == ("passkey", release.manifest_sha256)


def test_an_approver_signs_without_a_script(visit: Visit, cast: Cast) -> None:
    release = in_clearance(cast)
    page = visit(cast.approver, reverse("release:clearance", args=[release.pk]), javascript=False)
    expect(page.get_by_role("button", name="Sign with a passkey")).to_have_count(0)
    page.get_by_label("Code of your authenticator app").fill(app_code(cast.approver))
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.locator(".signature.signed")).to_have_count(1)


def test_the_launch_page_counts_down(visit: Visit, cast: Cast) -> None:
    release = scheduled(cast)
    page = visit(cast.press, reverse("release:launch", args=[release.pk]))
    clock = page.locator("[data-countdown]")
    expect(clock).to_contain_text(":")
    before = clock.inner_text()
    expect(clock).not_to_have_text(before)
    expect(page.locator(".zones li")).to_have_count(3)


def test_the_outline_follows_the_reader(visit: Visit, cast: Cast) -> None:
    release = end_embargo(scheduled(cast))
    page = visit(None, f"/briefs/{release.brief.slug}/")
    page.set_viewport_size({"width": 1280, "height": 420})
    page.locator(f"#section-{cast.sections[2].pk}").scroll_into_view_if_needed()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator(".outline a[aria-current]")).to_have_count(1)


def test_every_page_looks_right(visit: Visit, cast: Cast, looks: Looks) -> None:
    release = in_clearance(cast)
    for who, name in (("approver", "clearance"), ("editor", "clearance"), ("press", "launch"), ("approver", "preview")):
        page = visit(cast[who], reverse(f"release:{name}", args=[release.pk]))
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        looks(page, f"release-{name}-{who}")
    looks(visit(cast.editor, reverse("release:brief", args=[release.brief_id])), "release-brief")


def test_every_public_page_looks_right(visit: Visit, cast: Cast, looks: Looks) -> None:
    page = visit(None, "/")
    expect(page.locator("main")).to_contain_text("Nothing is published yet")
    looks(page, "public-empty")
    release = scheduled(cast)
    fields = {"title": "The launch", "slug": "the-launch", "zone": "UTC", "starts_wall_time": "2035-03-12T10:00"}
    actions.save_event(actor=cast.press, brief=release.brief, fields={**fields, "announced": True})
    for address, name in (("/events/the-launch/", "event-before"), (f"/briefs/{release.brief.slug}/", "missing")):
        page.goto(address)
        looks(page, f"public-{name}")
    end_embargo(release)
    for address in ("/", "/events/the-launch/", f"/briefs/{release.brief.slug}/"):
        page.goto(address)
        looks(page, f"public-{address.strip('/').partition('/')[0] or 'library'}")

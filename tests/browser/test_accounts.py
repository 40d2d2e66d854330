"""Signing in as people do: code, authenticator app, passkey; each page at each size."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts import second_factor
from ledger.models import Mail
from tests.browser.conftest import Looks, Visit
from tests.cast import Cast

PAGES = {
    "profile": "/account/",
    "second-factor": "/account/factor/",
    "authenticator-app": "/account/factor/app/",
    "add-a-passkey": "/account/factor/passkeys/add/",
    "sessions": "/account/sessions/",
}
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_the_account_is_accessible_at_each_size(visit: Visit, cast: Cast, looks: Looks) -> None:
    looks(visit(None, "/account/login/"), "sign-in")
    page = visit(cast.lead)
    for name, path in PAGES.items():
        page.goto(path)
        looks(page, name)


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_an_approver_signs_in_by_mail_and_app(
    visit: Visit, cast: Cast, run_jobs: Callable[[], int], mailed_code: Callable[[str], str], javascript: bool
) -> None:
    page = visit(None, "/account/login/", javascript=javascript)
    page.get_by_label("E-mail address").fill(cast.approver.email)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("Code from the mail")).to_be_visible()
    run_jobs()
    page.get_by_label("Code from the mail").fill(mailed_code(cast.approver.email))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_label("Code from your authenticator app").fill(second_factor.current_code(cast.approver))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My desk")).to_be_visible()


def test_a_passkey_is_added_and_signs_in_by_itself(visit: Visit, cast: Cast) -> None:
    page = visit(cast.lead, "/account/factor/passkeys/add/")
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="My desk")).to_be_visible()


def test_the_chosen_colours_stay(visit: Visit, cast: Cast) -> None:
    page = visit(cast.lead, "/desk/")
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("body")).to_have_css("background-color", "rgb(21, 24, 28)")
    page.goto("/account/")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 28)"


def test_a_menu_closes_with_escape_and_gives_the_focus_back(visit: Visit, cast: Cast) -> None:
    page = visit(cast.lead, "/desk/")
    summary = page.locator("details.menu > summary")
    summary.click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("details.menu")).not_to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.fixture
def mailed_code(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """``mailed_code(address)`` reads the newest code sent; jobs run in the test's own process."""
    from django.core import mail

    def read(address: str) -> str:
        assert Mail.objects.filter(to=address, name="sign_in_code").exists()
        body = next(str(message.body) for message in reversed(mail.outbox) if message.to == [address])
        found = re.search(r"\d{3} \d{3}", body)
        assert found
        return found.group()

    return read

"""What the story's tests share: signing in as people do, their mail, pictures of rooms."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from django.core import mail
from PIL import Image
from playwright.sync_api import Page, expect

from accounts import second_factor
from accounts.models import User
from tests.browser.conftest import SHOTS

Jobs = Callable[[], int]
Look = Callable[[Page], None]

#: Pictures for the README; ``make pictures`` copies them into the documentation.
ROOMS = SHOTS / "rooms"


def newest_mail(address: str) -> str:
    """The text of the last mail to somebody; jobs run in the test's own process."""
    return next(str(message.body) for message in reversed(mail.outbox) if message.to == [address])


def sign_in(page: Page, person: User, run_jobs: Jobs) -> None:
    """By the code from the mail, and the app's where one is owed."""
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_role("button", name="Send me a code").click()
    enter_code(page, person.email, run_jobs)
    if second_factor.has_one(person):
        page.get_by_label("Code from your authenticator app").fill(app_code(person))
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My desk")).to_be_visible()


def app_code(person: User) -> str:
    """What the app shows, when it shows it for some seconds yet: a slow machine types slowly."""
    left = 30 - time.time() % 30
    if left < 6:
        time.sleep(left + 0.1)
    return second_factor.current_code(person)


def enter_code(page: Page, address: str, run_jobs: Jobs) -> None:
    expect(page.get_by_label("Code from the mail")).to_be_visible()
    run_jobs()
    found = re.search(r"\d{3} \d{3}", newest_mail(address))
    assert found
    page.get_by_label("Code from the mail").fill(found.group())
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def agree(page: Page) -> None:
    """Agree to what the page asks before it sends a form."""
    page.locator("#confirm[open] [data-yes]").click()


def picture(page: Page, name: str) -> Path:
    """Keep what the window shows, in few colours: small enough for a repository."""
    path = ROOMS / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = Image.open(BytesIO(page.screenshot(animations="disabled")))
    shown.convert("RGB").resize((960, 675), Image.Resampling.LANCZOS).quantize(48).save(path, optimize=True)
    return path

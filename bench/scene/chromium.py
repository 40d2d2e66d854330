"""A headless browser that does what scanners of mails do: opens, follows every link, presses what only asks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from bench.stack import Stack

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-sync"]
#: Links of one page that are followed.
MOST = 6
#: Everything that can be pressed without sending a POST form.
HARMLESS = "summary, button[type=button], form:not([method=post]) button, [role=button], input[type=button]"


@dataclass
class Seen:
    """What came of it: pages opened, things pressed, session cookies given."""

    pages: int = 0
    pressed: int = 0
    sessions: int = 0


def program() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def visit_all(stack: Stack, paths: Iterable[str]) -> Seen:
    """Each path in a fresh profile. In a thread of its own: Playwright's loop is not Django's."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_visit_all, stack, list(paths)).result()


def _visit_all(stack: Stack, paths: list[str]) -> Seen:
    seen = Seen()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS, env=dict(os.environ))
        for path in paths:
            _visit(browser, stack, path, seen)
        browser.close()
    return seen


def _visit(browser: Browser, stack: Stack, path: str, seen: Seen) -> None:
    base = stack.front or stack.web
    headers = {} if stack.front else {"X-Forwarded-Proto": "https"}
    context = browser.new_context(ignore_https_errors=True, extra_http_headers=headers)
    page = context.new_page()
    _open(page, base + path, seen)
    links = page.eval_on_selector_all("a[href]", "found => found.map(link => link.href)")
    for link in [each for each in dict.fromkeys(links) if each.startswith(base)][:MOST]:
        _open(page, link, seen)
    _open(page, base + path, seen)
    for place in range(page.locator(HARMLESS).count()):
        try:
            page.locator(HARMLESS).nth(place).click(timeout=500, no_wait_after=True)
            seen.pressed += 1
        except BrowserError:
            continue  # hidden, or the press before led elsewhere
    seen.sessions += sum("session" in str(cookie.get("name")) for cookie in context.cookies())
    context.close()


def _open(page: Page, address: str, seen: Seen) -> None:
    try:
        page.goto(address, wait_until="load", timeout=15_000)
        seen.pages += 1
    except BrowserError:
        return  # a download, or an answer without a page

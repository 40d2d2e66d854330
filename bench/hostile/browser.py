"""Chromium that watches for a script of the attacker's: a call of the mark, a dialog, an element that would run.

The mark is a function every page has; a page that holds something executable but was not made to run it
(a link to ``javascript:``, a handler for a click) is found by walking its elements. ``csp=False`` takes the
page's policy away, so that escaping alone must hold.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, sync_playwright
from playwright.sync_api import Error as BrowserError

from bench.client import SESSION
from bench.hostile.payloads import MARK

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-sync"]
LOOK = Path(__file__).with_name("look.js").read_text()
#: Milliseconds in which a page's own scripts have begun.
SETTLES = 60


@dataclass
class Watch:
    """What was seen: where something ran, or could; how many pages were opened."""

    hits: list[str] = field(default_factory=list)
    pages: int = 0
    missed: list[str] = field(default_factory=list)

    def hit(self, where: str, what: str) -> None:
        line = f"{urlsplit(where).path}: {what}"[:200]
        if line not in self.hits:
            self.hits.append(line)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, env=dict(os.environ))
        yield browser
        browser.close()


@contextmanager
def person(browser: Browser, base: str, session: str, watch: Watch, *, csp: bool) -> Iterator[Page]:
    """A window of somebody signed in by ``session`` (empty: a stranger), watched."""
    proxied = {} if base.startswith("https") else {"X-Forwarded-Proto": "https"}
    context = browser.new_context(ignore_https_errors=True, bypass_csp=not csp, extra_http_headers=proxied)
    if session:
        # The prefix demands a secure cookie; straight to the web process it is sent as a header.
        if base.startswith("https"):
            context.add_cookies([{"name": SESSION, "value": session, "url": base, "secure": True}])
        else:
            context.set_extra_http_headers({**proxied, "Cookie": f"{SESSION}={session}"})
    yield watched(context, watch)
    context.close()


def watched(context: BrowserContext, watch: Watch) -> Page:
    page = context.new_page()
    page.expose_function(MARK, lambda *told: watch.hit(page.url, f"ran {told}"))

    def dialog(opened: Dialog) -> None:
        watch.hit(page.url, "a dialog")
        opened.dismiss()

    page.on("dialog", dialog)
    page.on("popup", lambda other: watch.hit(page.url, f"opened {other.url}"))
    page.set_default_timeout(15_000)
    return page


#: Of Chromium's errors those in which nothing is shown: a file is saved, or a refusal has no body.
NOTHING_SHOWN = ("download", "err_aborted", "err_http_response_code_failure")


def visit(page: Page, address: str, watch: Watch) -> str:
    """Open, let it settle, walk its elements; its HTML, empty where there was no page."""
    told = ""
    for _time in range(3):
        try:
            page.goto(address, wait_until="load")
        except BrowserError as error:
            told = str(error)
        else:
            return look(page, watch)
        if "interrupted" in told:
            # By a way to the empty page that had not ended; another way there would interrupt the next try.
            page.wait_for_timeout(SETTLES * 10)
            continue
        # Chromium still goes to a page of its own, which would interrupt the next one.
        with suppress(BrowserError):
            page.goto("about:blank")
        page.wait_for_timeout(SETTLES)
        if any(words in told.lower() for words in NOTHING_SHOWN):
            return ""
        break
    # What came between stands at the end of the first line.
    watch.missed.append(f"{urlsplit(address).path}: {told.partition(chr(10))[0][-90:]}")
    return ""


def look(page: Page, watch: Watch) -> str:
    """Walk the elements; a page that leads on by itself meanwhile is looked at where it leads."""
    for _ in range(3):
        page.wait_for_timeout(SETTLES)
        try:
            found, content = page.evaluate(LOOK, MARK), page.content()
        except BrowserError:
            continue
        for each in found:
            watch.hit(page.url, str(each))
        watch.pages += 1
        return content
    watch.missed.append(f"{urlsplit(page.url).path}: it never came to rest")
    return ""


def shown(page: Page, address: str, headers: dict[str, str], body: bytes, watch: Watch) -> None:
    """Open an answer that was got elsewhere, as if this address had given it."""

    def answer(route: Route) -> None:
        route.fulfill(status=200, headers=headers, body=body)

    page.route(address, answer)
    visit(page, address, watch)
    page.unroute(address, answer)


Work = Callable[[Browser], Any]

"""Browsers: the real server process on the test's own database, and Chromium.

``live`` is the address. ``visit(person)`` opens a page of a new browser context, signed in as that
person; ``visit(None)`` is a stranger. Jobs run when a test says so: ``run_jobs()``.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from pytest_django import DjangoDbBlocker

from accounts.models import User
from config.embedded import dies_with_parent, free_port, wait_until
from tests.cast import Cast

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), "")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / ".cache" / "screenshots"
#: What a phone and a desk show.
WIDTHS = {360: 780, 1280: 900}
Visit = Callable[..., Page]
Looks = Callable[[Page, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives a browser: skipped, with the reason, where there is none."""
    if not CHROMIUM:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="no Chromium at /usr/bin/chromium"))


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_playwright() -> Iterator[None]:
    """Playwright's sync interface runs a loop in this thread, which Django would take for async code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture(scope="session")
def _server(django_db_setup: None) -> Iterator[str]:
    """One server process per run and worker, on this worker's database and folders."""
    port = free_port()
    address = f"http://localhost:{port}"
    log = Path(settings.DATA_DIR) / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # DJANGO_ALLOW_ASYNC_UNSAFE is for this process alone.
    plain = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1"),
                *("--port", str(port), "--loop", "uvloop", "--log-level", "warning", "--no-access-log"),
                *("--timeout-graceful-shutdown", "1"),
            ],
            env={**plain, "DJANGO_SETTINGS_MODULE": "config.settings", "TESTING": "1", "BASE_URL": address},
            cwd=ROOT,
            stdout=out,
            stderr=out,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )

    def answers() -> bool:
        try:
            urllib.request.urlopen(f"{address}/health/", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    assert wait_until(answers, 60, process), f"the server did not start:\n{log.read_text()[-4000:]}"
    yield address
    process.terminate()
    process.wait(15)


@pytest.fixture(scope="session")
def _content_types(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[dict[str, Any]]:
    with django_db_blocker.unblock():
        return list(ContentType.objects.values())


@pytest.fixture
def live(_server: str, transactional_db: None, settings: Any, _content_types: list[dict[str, Any]]) -> str:
    """The server's address; what tests write is committed, so that the server sees it.

    Emptying the database between tests gives content types new numbers; the server's process
    remembers the old ones, so they are put back.
    """
    ContentType.objects.all().delete()
    ContentType.objects.bulk_create(ContentType(**row) for row in _content_types)
    ContentType.objects.clear_cache()
    settings.BASE_URL = _server
    return _server


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return Cast()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield running
    running.close()


@pytest.fixture
def visit(browser: Browser, live: str, cast: Cast) -> Iterator[Visit]:
    """``visit(person, "/desk/", width=360, dark=True, javascript=False)`` → a page, there already.

    Afterwards no page may have met an error in its console or a script that failed.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(
        person: User | None = None, path: str = "", *, width: int = 1280, dark: bool = False, javascript: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=live,
            viewport={"width": width, "height": WIDTHS.get(width, 900)},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/Vienna",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        if person is not None:
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": cast.session(person), "url": live}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _note(message, page, errors))
        if path:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        # A request that a test's route holds at this moment must not be answered into a closed page.
        for page in context.pages:
            page.unroute_all(behavior="wait")
        context.close()
    assert not errors, "errors in the browser's console:\n" + "\n".join(errors)


def _note(message: Any, page: Page, errors: list[str]) -> None:
    # A refused request is a page's business (409, 422 …); what the CSP refuses is ours.
    if message.type == "error" and "Failed to load resource" not in message.text:
        errors.append(f"{page.url}: {message.text}")


@pytest.fixture
def shot() -> Callable[[Page, str], Path]:
    """``shot(page, "reading-room")`` keeps a picture of the whole page in ``.cache/screenshots/``.

    Only where ``SHOTS=1``: pictures are for whoever wants to look, and take longer than many a test.
    """

    def take(page: Page, name: str) -> Path:
        width = page.viewport_size["width"] if page.viewport_size else 0
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        path = SHOTS / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}-{width}-{'dark' if dark else 'light'}.png"
        if os.environ.get("SHOTS"):
            path.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def looks(axe: Callable[..., None], fits: Callable[[Page], None], shot: Callable[[Page, str], Path]) -> Looks:
    """``looks(page, "reading-room")``: the page as it stands, at each width, light and dark, by axe and ``fits``.

    Dark pages are asked for their contrast alone: nothing else changes with the colours.
    """

    def check(page: Page, name: str) -> None:
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                axe(page, rules=("color-contrast",) if scheme == "dark" else ())
                shot(page, name)
            fits(page)

    return check


@pytest.fixture
def axe() -> Callable[..., None]:
    """``axe(page)`` fails when axe finds anything of WCAG 2.2 A and AA, or of its best practices.

    ``rules`` names the ones to ask, of axe's own; without it all are.
    """
    source = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def check(page: Page, rules: tuple[str, ...] = ()) -> None:
        # By the debugger, not by a script element: the page's own policy stays as it is.
        if not page.evaluate("'axe' in window"):
            page.evaluate(source + ";0")
        asked = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
        found = page.evaluate("async (asked) => (await axe.run(document, asked)).violations", asked)
        told = [
            f"{each['id']} ({each['impact']}): {each['help']}\n    "
            + "\n    ".join(f"{node['target']} {node['html'][:160]}" for node in each["nodes"][:5])
            for each in found
        ]
        assert not told, f"axe on {page.url}:\n" + "\n".join(told)

    return check


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """``fits(page)`` fails when the page scrolls sideways."""

    def check(page: Page) -> None:
        wide = page.evaluate(
            """() => { const limit = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= limit) return [];
            return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > limit + 1)
              .slice(-5).map(e => e.outerHTML.slice(0, 120)); }"""
        )
        assert not wide, f"{page.url} is wider than its window:\n" + "\n".join(wide)

    return check

"""Step 1 of the story: one command starts everything; killed, it starts again; stopped, it is gone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from config.embedded import dies_with_parent, free_port, wait_until
from tests import database
from tests.browser.conftest import ROOT

#: What a test process knows and the demonstration must not.
OURS = ("DATABASE_URL", "TESTING", "DATA_DIR", "DJANGO_SETTINGS_MODULE", "BASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE")


@contextmanager
def started(data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    plain = {name: value for name, value in os.environ.items() if name not in OURS}
    data.mkdir(parents=True, exist_ok=True)
    with (data / "said").open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            env={**plain, "DATA_DIR": str(data)},
            cwd=ROOT,
            stdout=said,
            stderr=said,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
    try:
        assert wait_until(lambda: health(port) == 200, 120, process), (data / "said").read_text()[-4000:]
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(30)


def health(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/health/", timeout=5) as answer:
            assert all(state == "up" for state in json.load(answer)["parts"].values())
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.slow
def test_one_command_starts_the_whole_product(browser: Browser) -> None:
    data, port = database.files() / "demonstration", free_port()
    with started(data, port) as process:
        page = browser.new_page(base_url=f"http://localhost:{port}")
        page.goto("/demo/")
        expect(page.get_by_role("cell", name="ines.valdorra@meridian.example")).to_be_visible()
        page.goto("/account/login/")
        page.get_by_label("E-mail address").fill("ines.valdorra@meridian.example")
        page.get_by_role("button", name="Send me a code").click()
        mails = browser.new_page(base_url=f"http://localhost:{port}")
        mails.goto("/demo/")
        sent = mails.locator(".mail", has_text=re.compile(r"To ines\.valdorra.*\d{3} \d{3}", re.DOTALL)).first
        expect(sent).to_be_visible(timeout=15_000)
        code = re.search(r"\d{3} \d{3}", sent.inner_text())
        assert code
        page.get_by_label("Code from the mail").fill(code.group())
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="My desk")).to_be_visible()
        page.goto("/briefs/work-that-was-never-there/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Work That Was Never There")
        process.kill()
        process.wait(10)
        said = (data / "said").read_text()
        assert f":{port}" in said and "ines.valdorra@meridian.example" in said
    with started(data, port):
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Work That Was Never There")
    assert health(port) == 0

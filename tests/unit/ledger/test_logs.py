"""Log lines carry no address, no secret, no title (TRUST 10)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from config.celery import app
from ledger.logs import Formatter

SECRET = "k3Jx9-secret-of-a-link"


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What a deployment's log would hold."""
    written: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Handler()
    handler.setFormatter(Formatter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_forged_answer_to_an_invitation_is_logged_without_its_secret(lines: list[str]) -> None:
    client = Client(enforce_csrf_checks=True)
    address = f"/invitations/{SECRET}/accept/"
    assert client.post(address, headers={"Referer": f"http://testserver{address}"}).status_code == 403
    assert any("Forbidden" in line for line in lines)
    assert SECRET not in "".join(lines)


@pytest.mark.django_db
def test_a_page_that_fails_is_logged_by_its_name(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(secret: str) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("review.views.invitations.by_secret", broken)
    assert Client(raise_request_exception=False).get(f"/invitations/{SECRET}/").status_code == 500
    failed = json.loads(next(line for line in lines if '"error"' in line))
    assert failed["message"] == "500 review:invitation"
    assert "RuntimeError" in failed["trace"]
    assert SECRET not in "".join(lines)


def test_a_trace_tells_where_and_what_kind_never_what_was_said(lines: list[str]) -> None:
    said = "@".join(["reviewer", "example.org"])
    try:
        try:
            raise ValueError(said)
        except ValueError as error:
            raise OSError(said) from error
    except OSError:
        logging.getLogger("ledger.jobs").exception("job failed", extra={"kind": "mail"})
    (line,) = lines
    assert "builtins.OSError" in line and "builtins.ValueError" in line and "test_logs.py" in line
    assert "@" not in line


def test_a_worker_keeps_our_log_format(lines: list[str]) -> None:
    before = list(logging.getLogger().handlers)
    app.log.setup_logging_subsystem(loglevel="INFO")
    assert logging.getLogger().handlers == before

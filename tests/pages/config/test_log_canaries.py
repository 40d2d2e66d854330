"""Nothing that is logged says who, from where, with what, or about what (TRUST 10).

Everything that a deployment would write is caught while many pages are asked for, rightly, wrongly and
while things fail. People, their addresses, secrets, titles and what was typed are the canaries.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import smtplib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from config.celery import app
from ledger import jobs, logs
from ledger.logs import Formatter
from ledger.models import Job
from ledger.nowhere import NoServer
from tests.cast import Cast
from tests.factories.releases import in_clearance, small_files
from tests.house.doors import DOORS
from tests.house.test_sweep import SWEPT, address

__all__ = ["small_files"]
pytestmark = pytest.mark.usefixtures("small_files")
TYPED = "canary-typed-8812"
AGENT = "CanaryBrowser/77.3 (Canarix)"
NETWORK = "203.0.113.77"
MAIL = "canary.stranger@canary.example"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a deployment's log would hold: servers' own lines and those of threads, too."""
    written: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    before = threading.excepthook
    for name in logs.SERVERS:
        logger = logging.getLogger(name)
        monkeypatch.setattr(logger, "handlers", [logging.StreamHandler()])
        monkeypatch.setattr(logger, "propagate", False)
    logs.take_over()
    handler = Handler()
    handler.setFormatter(Formatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)
    threading.excepthook = before


def canaries(cast: Cast) -> set[str]:
    said = {TYPED, AGENT, "Canarix", NETWORK, MAIL, "canary.example", cast.brief.title, cast.brief.slug}
    said |= {cast.open_invitation[1]} | {section.title for section in cast.sections if " " in section.title}
    return said | {person.email for person in cast.people.values()} | {person.name for person in cast.people.values()}


def silent(cast: Cast, lines: list[str]) -> None:
    told = "\n".join(lines)
    assert sorted(canary for canary in canaries(cast) if canary in told) == []
    assert all(json.loads(line)["logger"] for line in lines)


def browser(cast: Cast, name: str = "") -> Client:
    client = cast.client(cast[name] if name else None)
    client.defaults |= {"REMOTE_ADDR": NETWORK, "HTTP_X_FORWARDED_FOR": NETWORK, "HTTP_USER_AGENT": AGENT}
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("name", ["lead", ""])
def test_asking_for_every_page_rightly_and_wrongly(cast: Cast, lines: list[str], name: str) -> None:
    assert cast.proposal and cast.second_invitation
    client = browser(cast, name)
    wrong = {"email": MAIL, "name": TYPED, "title": TYPED, "body": TYPED, "reason": TYPED, "code": TYPED}
    for route in SWEPT:
        path = address(route, cast)
        with transaction.atomic():
            client.get(f"{path}{'&' if '?' in path else '?'}q={TYPED}&next=/{TYPED}/")
            client.post(path, wrong)
            client.post(path, f'{{"steps": "{TYPED}"', content_type="application/json")
            transaction.set_rollback(True)
    assert len(DOORS) > 100
    silent(cast, lines)


def test_requests_that_are_none(cast: Cast, lines: list[str]) -> None:
    client = browser(cast, "lead")
    client.get("/", headers={"Host": f"{TYPED}.example"})
    client.get(f"/briefs/{TYPED}/%00/")
    client.get("/desk/", headers={"Cookie": f"sessionid={TYPED}; csrftoken={TYPED}"})
    client.post("/account/login/", b"x" * 3_000_000, content_type="application/x-www-form-urlencoded")
    client.post(f"/write/{cast.brief.pk}/imports/", {"file": _file(f"{TYPED}.docx", b"PK\x03\x04nothing")})
    client.post(f"/write/{cast.brief.pk}/figures/", {"file": _file(f"{TYPED}.png", b"\x89PNG nothing")})
    strict = Client(enforce_csrf_checks=True)
    strict.post(reverse("review:accept", args=[cast.open_invitation[1]]), {"name": TYPED}, headers={"Referer": MAIL})
    jobs.run_due()
    assert any("Forbidden" in line for line in lines) and any("HTTP_HOST" in line for line in lines)
    silent(cast, lines)


def _file(name: str, content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def test_signing_in_by_mail_rightly_and_wrongly(cast: Cast, lines: list[str]) -> None:
    client = browser(cast)
    for _each in range(12):
        client.post("/account/login/", {"email": MAIL})
        client.post("/account/login/code/", {"code": TYPED})
    client.post("/account/login/", {"email": cast.lead.email})
    jobs.run_due()
    client.post("/account/login/code/", {"code": "000000"})
    browser(cast, "admin").post("/admin/accounts/user/add/", {"email": cast.lead.email, "name": TYPED})
    silent(cast, lines)


class Refusing(BaseEmailBackend):
    """A mail server that says who it does not know."""

    def send_messages(self, email_messages: Any) -> int:
        to = email_messages[0].to[0]
        raise smtplib.SMTPRecipientsRefused({to: (550, f"no such person: {to}".encode())})


@pytest.mark.parametrize("server", [Refusing, NoServer])
def test_mail_that_cannot_leave(cast: Cast, lines: list[str], settings: Any, server: type[BaseEmailBackend]) -> None:
    settings.EMAIL_BACKEND = f"{server.__module__}.{server.__qualname__}"
    browser(cast).post("/account/login/", {"email": cast.lead.email})
    in_clearance(cast)
    jobs.run_due()
    waiting = Job.objects.filter(kind="mail", state="due", attempts__gt=0)
    assert waiting.exists(), "they are tried again"
    assert any("job failed" in line and '"mail"' in line for line in lines)
    silent(cast, lines)


def test_pages_and_jobs_that_fail_with_names_on_their_lips(
    cast: Cast, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **named: object) -> None:
        raise RuntimeError(f"{cast.reviewer.email} from {NETWORK} about {cast.brief.title}")

    monkeypatch.setattr("review.views.invitations.by_secret", broken)
    monkeypatch.setattr("brief.views.briefs.brief_for", broken)
    assert browser(cast).get(reverse("review:invitation", args=[cast.open_invitation[1]])).status_code == 500
    assert browser(cast, "lead").get(f"/write/{cast.brief.pk}/").status_code == 500
    monkeypatch.setitem(jobs.handlers._entries, "broken", broken)
    jobs.run(jobs.enqueue("broken", key="broken").pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(cast.lead.email, cast.lead.name)
    assert sum("RuntimeError" in line for line in lines) >= 3
    silent(cast, lines)


def test_what_libraries_and_servers_say(cast: Cast, lines: list[str]) -> None:
    """Each as the library words it; what it puts into its words is left out."""
    said = f"{cast.reviewer.name} <{cast.reviewer.email}> {NETWORK}"
    error = RuntimeError(said)
    logging.getLogger("uvicorn.access").info('%s - "%s %s"', NETWORK, "GET", f"/briefs/{TYPED}/")
    logging.getLogger("granian.access").info('[%s] %s "%s"', "now", NETWORK, f"/briefs/{TYPED}/")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=error)
    logging.getLogger("_granian").error("Application callable raised an exception", exc_info=error)
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s] %(description)s: %(exc)s",
        {"name": "ledger.run", "id": "1", "description": "raised unexpected", "exc": repr(error)},
        exc_info=error,
    )
    app.log.get_default_logger().warning(f"consumer: {said}")
    logging.getLogger("some.library").warning(f"refused: {said}\n{TYPED}")

    async def forgotten() -> None:
        async def fail() -> None:
            raise error

        task = asyncio.ensure_future(fail())
        await asyncio.sleep(0)
        del task

    asyncio.run(forgotten())
    gc.collect()
    thread = threading.Thread(target=_raise, args=(error,))
    thread.start()
    thread.join()
    told = "\n".join(lines)
    # A name without any form cannot be known; a library that writes one into its own words is not ours.
    for line in lines:
        if "some.library" not in line and "consumer" not in line:
            assert cast.reviewer.name not in line
    assert NETWORK not in told and cast.reviewer.email not in told and TYPED not in told
    assert "a thread was ended" in told and "Exception in ASGI application" in told and "builtins.RuntimeError" in told


def _raise(error: Exception) -> None:
    raise error


def test_words_of_ours_lose_addresses_and_secrets_too(lines: list[str]) -> None:
    logging.getLogger("release.jobs").warning(f"{MAIL} {NETWORK} {'k' * 43} redis://:pass@word.example/0 12.5 seconds")
    (line,) = lines
    assert json.loads(line)["message"] == "(…) (…) (…) (…) 12.5 seconds"


def test_without_a_mail_server_no_letter_goes_to_the_console(cast: Cast, settings: Any, capsys: Any) -> None:
    settings.EMAIL_BACKEND = "ledger.nowhere.NoServer"
    Client().post("/account/login/", {"email": cast.lead.email})
    jobs.run_due()
    out = capsys.readouterr()
    assert cast.lead.email not in out.out + out.err
    assert Job.objects.filter(kind="mail", state="due").exists()

"""The page for administrators: what it finds right, what it finds wrong, and who may see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from config import parts
from config.operations import findings, headers, report, room, versions
from config.operations.headers import Heard
from ledger.models import Job
from release import public_root
from tests.cast import Cast
from tests.factories.releases import end_embargo, scheduled, small_files

__all__ = ["small_files"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind https, as a stranger meets it; asked through the test client in place of the network."""
    settings.BASE_URL = "https://testserver"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

    def asked(path: str) -> Heard:
        answer = Client().get(path, headers={"X-Forwarded-Proto": "https"})
        pairs = [(name.lower(), value) for name, value in answer.items()]
        pairs += [("set-cookie", morsel.OutputString()) for morsel in answer.cookies.values()]
        return Heard(answer.status_code, tuple(pairs), answer.content)

    monkeypatch.setattr(headers, "ask", asked)


def wrong(found: list[findings.Finding]) -> list[str]:
    return [str(each.name) for each in found if each.state == "risk"]


def heard() -> list[Heard]:
    return [headers.ask(path) for path in headers.paths()]


def test_the_products_own_answers_are_found_right(production: None) -> None:
    found = list(headers.judge(*heard()))
    assert wrong(found) == []
    assert len(found) >= 14
    assert any("__Host-csrf" in str(each.name) for each in found), "the cookie of the way in was looked at"


def without(answer: Heard, name: str) -> Heard:
    return replace(answer, pairs=tuple(pair for pair in answer.pairs if pair[0] != name))


def changed(answer: Heard, name: str, value: str) -> Heard:
    return replace(answer, pairs=(*without(answer, name).pairs, (name, value)))


LIBRARY, ENTRANCE, ROOM, MISSING = range(4)
SPOILT: list[tuple[int, Callable[[Heard], Heard], str]] = [
    *(
        (LIBRARY, lambda answer, name=name: without(answer, name), name)  # type: ignore[misc]
        for name in (
            *("content-security-policy", "strict-transport-security", "cross-origin-opener-policy"),
            *("x-content-type-options", "x-frame-options", "referrer-policy"),
        )
    ),
    (ROOM, lambda answer: changed(answer, "content-security-policy", "default-src *"), "content-security-policy"),
    (LIBRARY, lambda answer: replace(answer, pairs=(*answer.pairs, *answer.pairs)), "x-content-type-options"),
    (ENTRANCE, lambda answer: changed(answer, "strict-transport-security", "max-age=60"), "strict-transport-security"),
    (LIBRARY, lambda answer: changed(answer, "set-cookie", "a=b"), "Public pages set no cookie"),
    (LIBRARY, lambda answer: changed(answer, "cache-control", "max-age=600"), "Public pages are asked about each time"),
    (LIBRARY, lambda answer: replace(answer, status=502), "Library"),
    (ENTRANCE, lambda answer: changed(answer, "cache-control", "public"), "The way in is not kept"),
    (ENTRANCE, lambda answer: changed(answer, "set-cookie", "__Host-csrf=x; Path=/; SameSite=Lax"), "__Host-csrf"),
    (ENTRANCE, lambda answer: changed(answer, "set-cookie", "csrf=x; Path=/; SameSite=Lax; Secure"), "csrf"),
    (ROOM, lambda answer: replace(answer, status=200), "Strangers are sent to sign in"),
    (ROOM, lambda answer: without(answer, "cache-control"), "Private rooms are not kept"),
    (MISSING, lambda answer: changed(answer, "x-request", "41"), "Every 404 is the same"),
    (MISSING, lambda answer: replace(answer, body=answer.body + b" "), "Every 404 is the same"),
]


@pytest.mark.parametrize(("which", "spoil", "named"), SPOILT, ids=[str(number) for number in range(len(SPOILT))])
def test_each_header_that_a_proxy_spoils_is_found(
    production: None, which: int, spoil: Callable[[Heard], Heard], named: str
) -> None:
    answers = heard()
    answers[which] = spoil(answers[which])
    assert any(named in name for name in wrong(list(headers.judge(*answers))))


def test_an_address_that_does_not_answer_is_one_finding(settings: Any) -> None:
    settings.BASE_URL = "http://127.0.0.1:1"
    (found,) = headers.findings()
    assert found.state == "hold" and "127.0.0.1:1" in str(found.said)


def test_versions_are_compared_as_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert versions.numbers("5.2.19") < versions.numbers("5.10") < versions.numbers("10.0b1")
    found = {str(each.name): each for each in versions.findings()}
    assert {"Django", "django-allauth", "pandoc", "prosemirror-view", "PostgreSQL"} <= set(found)
    assert wrong(list(found.values())) == []
    monkeypatch.setattr(versions, "version", lambda name: "5.2.9" if name == "Django" else "999")
    assert wrong(list(versions.findings())) == ["Django"]


@pytest.fixture
def page(cast: Cast, production: None) -> Callable[[], dict[str, tuple[str, str]]]:
    def read() -> dict[str, tuple[str, str]]:
        """What the administrator reads: name → (found, state)."""
        tree = html.fromstring(
            cast.client(cast.admin).get("/operations/", headers={"X-Forwarded-Proto": "https"}).content
        )
        rows = [[" ".join(cell.text_content().split()) for cell in row] for row in tree.findall(".//tbody/tr")]
        return {name: (said, state) for name, said, state in rows}

    return read


def test_an_administrator_reads_it(page: Callable[[], dict[str, tuple[str, str]]]) -> None:
    rows = page()
    assert {"database", "Queue mail", "Clock of this host", "Disk of DATA_DIR", "Every 404 is the same"} <= set(rows)
    assert rows["worker"] == ("down", "mend this"), "no worker runs in this test"
    assert rows["content-security-policy"][1] == "in order"


def test_nobody_else_does(cast: Cast) -> None:
    for name, person in cast.people.items():
        assert cast.client(person).get("/operations/").status_code == (200 if name == "admin" else 404), name
    assert Client().get("/operations/")["Location"] == "/account/login/"


def test_it_sees_work_that_waits_too_long_and_mail_that_was_given_up(
    page: Callable[[], dict[str, tuple[str, str]]],
) -> None:
    now = timezone.now()
    Job.objects.create(kind="mail", key="a", queue="mail", due_at=now - timedelta(hours=1))
    Job.objects.create(kind="mail", key="b", queue="mail", due_at=now, state="failed", finished_at=now)
    rows = page()
    assert rows["Queue mail"][1] == "mend this"
    assert rows["Mail"] == ("1 waiting, 1 given up", "look at this")


@pytest.mark.usefixtures("small_files")
def test_it_sees_a_public_folder_that_is_behind(cast: Cast, page: Callable[[], dict[str, tuple[str, str]]]) -> None:
    public_root.write()
    release = scheduled(cast)
    assert page()["Current"][1] == "in order"
    end_embargo(release)
    assert page()["Current"] == ("behind the database", "mend this")


def test_it_sees_clocks_that_differ_and_a_disk_that_fills(
    page: Callable[[], dict[str, tuple[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "clock_difference", lambda: -3.5)
    monkeypatch.setattr(report.shutil, "disk_usage", lambda path: report.shutil._ntuple_diskusage(100, 99, 1))
    rows = page()
    assert rows["Clock of this host"][1] == "look at this" and "-3.50" in rows["Clock of this host"][0]
    assert rows["Disk of DATA_DIR"][1] == "mend this"


def test_the_clocks_of_this_machine_agree() -> None:
    assert abs(room.clock_difference()) < 1


def test_it_names_no_person_and_no_brief(cast: Cast, production: None) -> None:
    assert cast.thread and cast.comment
    client = cast.client(cast.admin)
    text = html.fromstring(client.get("/operations/", headers={"X-Forwarded-Proto": "https"}).content)
    told = " ".join(text.find(".//main").text_content().split())
    for person in cast.people.values():
        assert person.name not in told and person.email not in told
    assert cast.brief.title not in told


# --- for containers and load balancers ---


def test_a_process_that_answers_is_alive_whatever_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in parts.PARTS:
        monkeypatch.setitem(parts.PARTS, name, lambda: False)
    assert client.get("/health/alive/").status_code == 200
    assert client.get("/health/ready/").status_code == 503


@pytest.mark.parametrize("part", ["worker", "beat", "broker"])
def test_pages_are_served_without_workers_and_broker(
    client: Client, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in parts.PARTS:
        monkeypatch.setitem(parts.PARTS, name, lambda name=name: name != part)
    answer = client.get("/health/ready/")
    assert answer.status_code == 200 and part not in answer.json()["parts"]
    assert client.get("/health/").status_code == 503


def test_private_files_that_cannot_be_written_are_seen(settings: Any, tmp_path: Any) -> None:
    assert parts.states()["files"]
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": "/proc/none/private", "base_url": None},
        },
    }
    assert not parts.states()["files"]
    assert json.dumps(parts.ready())

"""What the public folder holds is answered before Django: the same headers and bytes, and never too early."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from config.published import Published
from release import actions, public_root
from release.public import held, site
from tests.cast import Cast
from tests.factories.releases import CANARY, end_embargo, published, scheduled, small_files

__all__ = ["small_files"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_files")]
Told = tuple[str, dict[str, str], bytes]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterable[None]:
    """A request of a real server gives its connection back; here the test's own transaction is in it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def event_of(cast: Cast) -> None:
    when = {"zone": "Europe/Vienna", "starts_wall_time": "2035-05-01T10:00"}
    fields = {"slug": "launch", "title": "Launch", "announced": True, **when}
    actions.save_event(actor=cast.press, brief=cast.brief, fields=fields)


class Counted:
    """Django's own application, and how often it was asked."""

    def __init__(self) -> None:
        self.pages, self.asked = WSGIHandler(), []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.asked.append(environ["PATH_INFO"])
        return self.pages(environ, start)


@pytest.fixture
def pages() -> Counted:
    return Counted()


def ask(application: Any, path: str, method: str = "GET", query: str = "", **headers: str) -> Told:
    told: list[tuple[str, dict[str, str]]] = []
    environ = RequestFactory()._base_environ(PATH_INFO=path, REQUEST_METHOD=method, QUERY_STRING=query)
    environ |= {"HTTP_HOST": "localhost:8000", **headers}
    answer = application(environ, lambda status, pairs, error=None: told.append((status, dict(pairs))))
    content = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return (*told[-1], content)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_address_is_answered_as_django_answers_it(cast: Cast, pages: Counted, method: str) -> None:
    published(cast)
    event_of(cast)
    public_root.write()
    front = Published(pages)
    ask(front, "/robots.txt")
    for address in site.addresses():
        before = len(pages.asked)
        with CaptureQueriesContext(connection) as queries:
            told = ask(front, f"/{address}", method)
        assert len(pages.asked) == before, f"{address} was not held"
        assert not queries.captured_queries
        assert told == ask(pages, f"/{address}", method), address


def test_who_has_it_already_gets_no_body(cast: Cast, pages: Counted) -> None:
    release = published(cast)
    public_root.write()
    front, path = Published(pages), f"/briefs/{release.brief.slug}/"
    etag = ask(front, path)[1]["ETag"]
    for tags in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        told = ask(front, path, HTTP_IF_NONE_MATCH=tags)
        assert told[0] == "304 Not Modified" and not told[2]
        assert told == ask(pages, path, HTTP_IF_NONE_MATCH=tags)
    assert ask(front, path, HTTP_IF_NONE_MATCH='"other"')[0] == "200 OK"


@pytest.mark.parametrize(
    ("method", "query", "headers"),
    [
        ("POST", "", {}),
        ("GET", "page=2", {}),
        ("GET", "", {"HTTP_RANGE": "bytes=0-3"}),
        ("GET", "", {"HTTP_HOST": "elsewhere.example"}),
        ("GET", "", {"HTTP_HOST": ""}),
    ],
)
def test_whatever_is_not_plain_is_left_to_the_pages(
    cast: Cast, pages: Counted, method: str, query: str, headers: dict[str, str]
) -> None:
    release = published(cast)
    public_root.write()
    front, path = Published(pages), f"/briefs/{release.brief.slug}/brief.pdf"
    ask(front, path)
    before = len(pages.asked)
    assert ask(front, path, method, query, **headers) == ask(pages, path, method, query, **headers)
    assert len(pages.asked) == before + 2


def test_plain_http_is_left_to_the_pages_where_they_redirect_it(cast: Cast, settings: Any) -> None:
    release = published(cast)
    public_root.write()
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    pages = Counted()
    front, path = Published(pages), f"/briefs/{release.brief.slug}/"
    assert ask(front, path)[0].startswith("301")
    secure = ask(front, path, HTTP_X_FORWARDED_PROTO="https")
    assert secure[0] == "200 OK" and "max-age=60" in secure[1]["Strict-Transport-Security"]


def test_nothing_is_held_that_is_not_public_yet(cast: Cast, pages: Counted) -> None:
    release = scheduled(cast)
    public_root.write()
    front = Published(pages)
    assert ask(front, f"/briefs/{release.brief.slug}/")[0].startswith("404")
    assert CANARY.encode() not in b"".join(ask(front, f"/{address}")[2] for address in site.addresses())


def test_the_files_step_aside_when_something_becomes_public(cast: Cast, pages: Counted) -> None:
    release = scheduled(cast)
    public_root.write()
    front = Published(pages)
    told = held.current(public_root.root())
    assert told.until == release.embargo.instant.timestamp()
    assert told.find("") is not None
    told.until = time.time() + held.ASIDE - 1
    assert told.find("") is None
    end_embargo(release)
    assert release.brief.slug in ask(front, "/")[2].decode(), "the pages ask the clock"


def test_a_moved_embargo_and_a_hold_write_the_files_anew(cast: Cast, run_jobs: Any) -> None:
    release = scheduled(cast)
    run_jobs()
    names = {public_root.write()}
    actions.hold(actor=cast.press, release=release, reason="Not yet.")
    run_jobs()
    names.add(current_name())
    assert held.current(public_root.root()).until is None
    actions.resume(actor=cast.press, release=release)
    run_jobs()
    names.add(current_name())
    assert len(names) == 3
    later = release.embargo.instant + timedelta(days=2)
    assert held.current(public_root.root()).until < later.timestamp()


def current_name() -> str:
    served = public_root.generation()
    assert served
    return served.name


def test_a_withdrawn_brief_is_gone_with_the_next_generation(cast: Cast, pages: Counted, run_jobs: Any) -> None:
    release = published(cast)
    run_jobs()
    front, path = Published(pages), f"/briefs/{release.brief.slug}/"
    assert ask(front, path)[0] == "200 OK"
    actions.withdraw(actor=cast.editor, release=release, reason="Wrong.")
    run_jobs()
    assert ask(front, path)[0].startswith("410")
    assert ask(front, path + "brief.pdf")[0].startswith("404")


def test_a_file_that_is_not_what_was_written_is_not_sent(cast: Cast, pages: Counted) -> None:
    release = published(cast)
    public_root.write()
    file = public_root.root() / "current" / "briefs" / release.brief.slug / "brief.pdf"
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(b"%PDF-1.7 something else")
    assert ask(Published(pages), f"/briefs/{release.brief.slug}/brief.pdf")[2] == content


def test_a_folder_from_before_holds_nothing(cast: Cast, pages: Counted) -> None:
    published(cast)
    public_root.write()
    (public_root.root() / "current" / held.NAME).unlink()
    public_root._swap(current_name())
    held._current = held.Generation()
    assert ask(Published(pages), "/")[0] == "200 OK"
    assert pages.asked == ["/"]
    assert settings.DATA_DIR


@pytest.mark.parametrize("path", ["", "x", "//", "/../../etc/passwd", "/.answers.json", "/briefs/\xff/"])
def test_a_strange_path_is_left_to_the_pages(pages: Counted, path: str) -> None:
    public_root.write()
    assert ask(Published(pages), path)[0][:3] in ("404", "302", "200")
    assert pages.asked[-1] == path

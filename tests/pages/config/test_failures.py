"""When something under us fails, people and scripts are told that nothing was kept, and when to try again."""

from __future__ import annotations

import errno
import io
import json
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, OperationalError
from django.http import UnreadablePostError
from django.test import Client

from brief import steps
from brief.models import Comment
from config.whole import MOST, Input, WholeBodies
from ledger import failures
from tests.cast import Cast


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


FAILURES: list[tuple[Exception, int]] = [
    (OperationalError("the connection is lost"), 503),
    (caused(OperationalError("could not extend file"), psycopg.errors.DiskFull()), 507),
    (caused(RuntimeError("not stored"), OSError(errno.ENOSPC, "No space left on device")), 507),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), 507),
    (OSError(errno.EROFS, "Read-only file system"), 503),
    (OSError(errno.ENOENT, "No such file or directory"), 500),
    (IntegrityError("duplicate key"), 500),
    (RuntimeError("a mistake of ours"), 500),
    (UnreadablePostError("the request broke off"), 400),
]


@pytest.fixture
def person(cast: Cast) -> Client:
    client = cast.client(cast.lead)
    client.raise_request_exception = False
    return client


def save(client: Client, cast: Cast) -> Any:
    body = {"version": 0, "client": "c", "key": "k", "schema": 1, "steps": [{}]}
    return client.post(
        f"/write/{cast.brief.pk}/sections/{cast.section.pk}/steps", json.dumps(body), content_type="application/json"
    )


@pytest.mark.parametrize(("error", "status"), FAILURES)
def test_the_editor_is_told_in_json(
    cast: Cast, person: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    assert cast.section

    def fails(**_fields: Any) -> None:
        raise error

    monkeypatch.setattr(steps, "submit", fails)
    response = save(person, cast)
    assert response.status_code == status
    assert response.json()["error"].startswith("This was not saved: ")
    assert ("Retry-After" in response) == (status > 500)


@pytest.mark.parametrize(("error", "status"), FAILURES)
def test_people_get_a_page(
    cast: Cast, person: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fails(*_arguments: Any) -> None:
        raise error

    monkeypatch.setattr("accounts.desk.desk_items.collect", fails)
    response = person.get("/desk/")
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    if status > 500:
        assert failures.sentence(status) in response.content.decode()


class Breaks:
    """An input of which only so much comes; then it ends as if that were all, as some servers do."""

    def __init__(self, body: bytes, comes: int) -> None:
        self._stream = io.BytesIO(body[:comes])
        self.read, self.readline = self._stream.read, self._stream.readline


FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=edge"
PARTS = b"".join(
    f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, value in (("body", "Which promises are kept?"), ("block", ""))
)
BODIES = [(FORM, b"body=Which+promises+are+kept%3F&block="), (MULTIPART, PARTS + b"--edge--\r\n")]


@pytest.mark.parametrize(("kind", "body"), BODIES, ids=["form", "multipart"])
@pytest.mark.parametrize("part", [0.0, 0.3, 0.7, 0.999, 1.0])
def test_half_a_form_is_none(cast: Cast, kind: str, body: bytes, part: float) -> None:
    """Not even where the token in the header lets the request in."""
    client = cast.client(cast.lead)
    client.cookies["csrftoken"] = "c" * 32
    client.handler.enforce_csrf_checks = True
    environ = client._base_environ(
        PATH_INFO=f"/write/{cast.brief.pk}/sections/{cast.section.pk}/threads/",
        REQUEST_METHOD="POST",
        CONTENT_TYPE=kind,
        CONTENT_LENGTH=str(len(body)),
        HTTP_X_CSRFTOKEN="c" * 32,
    )
    environ["wsgi.input"] = Breaks(body, int(len(body) * part))
    answers: list[Any] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        answers.append(client.handler(environ))
        return []

    WholeBodies(application)(environ, None)
    assert answers[0].status_code == (302 if part == 1 else 400)
    assert Comment.objects.count() == (1 if part == 1 else 0)


@pytest.mark.parametrize("sizes", [[-1], [3, 3, 100], [0, -1], [None]])
def test_a_whole_body_is_read_as_it_came(sizes: list[int]) -> None:
    body = Input(io.BytesIO(b"one\ntwo\nthree"), 13)
    assert b"".join(body.read(size) for size in sizes) == b"one\ntwo\nthree"
    assert body.read() == body.readline() == b"" and not body.broken
    assert list(Input(io.BytesIO(b"one\ntwo"), 7)) == [b"one\n", b"two"]


def test_a_session_that_cannot_be_asked_for_is_no_mistake_of_the_page(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    def away(*_arguments: Any) -> None:
        raise OperationalError("couldn't get a connection after 5.00 sec")

    client.raise_request_exception = False
    client.cookies["sessionid"] = "s" * 32
    monkeypatch.setattr("accounts.sessions.SessionStore.load", away)
    with django_assert_num_queries(0):
        response = client.get("/desk/")
    assert response.status_code == 503


def test_who_announces_more_than_any_upload_is_refused_unread() -> None:
    told: list[str] = []

    def never(environ: Any, start_response: Any) -> list[bytes]:
        raise AssertionError("the pages were asked")

    environ = {"CONTENT_LENGTH": str(MOST + 1), "wsgi.input": None}
    assert WholeBodies(never)(environ, lambda status, headers: told.append(status)) == []
    assert told == ["413 Content Too Large"]


def test_what_is_large_and_unread_is_taken_in_by_pieces() -> None:
    """An early refusal of a large body reaches its sender, and the body is never in memory as a whole."""

    class Large(io.RawIOBase):
        left, most = MOST, 0

        def read(self, size: int = -1) -> bytes:
            self.most = max(self.most, size)
            taken = min(size, self.left)
            self.left -= taken
            return bytes(taken)

    body = Large()
    WholeBodies(lambda environ, start_response: [])({"CONTENT_LENGTH": str(MOST), "wsgi.input": body}, None)
    assert (body.left, body.most) == (0, 65_536)


@pytest.mark.parametrize("came", [100_000, 70_000])
@pytest.mark.parametrize("taken", [0, 10, 100_000])
def test_what_an_early_answer_left_unread_is_taken_in_all_the_same(taken: int, came: int) -> None:
    """Closing on a front that still sends makes it call the answer a failure of ours."""
    body = io.BytesIO(b"x" * came)

    def early(environ: Any, start_response: Any) -> list[bytes]:
        with suppress(OSError):
            environ["wsgi.input"].read(taken)
        return [b"no"]

    assert WholeBodies(early)({"CONTENT_LENGTH": "100000", "wsgi.input": body}, None) == [b"no"]
    assert body.read() == b""

"""When something under us fails, people and scripts are told that nothing was kept, and when to try again."""

from __future__ import annotations

import errno
import json
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client

from brief import steps
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
    assert ("Retry-After" in response) == (status != 500)


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
    if status != 500:
        assert failures.sentence(status) in response.content.decode()


def test_a_session_that_cannot_be_asked_for_is_no_mistake_of_the_page(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    def away(*_arguments: Any) -> None:
        raise OperationalError("couldn't get a connection after 5.00 sec")

    client.raise_request_exception = False
    client.cookies["sessionid"] = "s" * 32
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", away)
    with django_assert_num_queries(0):
        response = client.get("/desk/")
    assert response.status_code == 503

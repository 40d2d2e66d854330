"""Every door of the product is tried by everybody of the cast, with every method (TRUST, Abuse)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from accounts.middleware import is_public
from tests.cast import Cast
from tests.factories.releases import small_files
from tests.house.doors import DOORS, Door
from tests.house.routes import ROUTES, SWEPT, address, parameters, right

__all__ = ["small_files"]

CHANGES = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE|TRUNCATE|CREATE|ALTER|DROP|SELECT pg_notify)", re.IGNORECASE)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast at work, made once for this module; everything is rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = Cast()
        assert made.proposal
        assert made.second_invitation
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def another(scene: Cast) -> None:
    """A second brief of the scene's people, made once too."""
    assert scene.elsewhere.brief


@pytest.fixture
def cast(scene: Cast, small_files: None) -> Iterator[Cast]:
    """The scene for one test: what it adds is gone afterwards, in the database and on the cast."""
    with transaction.atomic():
        yield copy(scene)
        transaction.set_rollback(True)


def test_every_route_is_listed() -> None:
    assert sorted(set(ROUTES) - set(DOORS)) == []
    assert sorted(set(DOORS) - set(ROUTES)) == []


def ask(client: Client, method: str, path: str, data: Any = None) -> tuple[HttpResponse, list[str]]:
    """One request whose effects are rolled back, so that everybody meets the same scene; its writes."""
    before = len(connection.run_on_commit)
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        if method == "POST" and isinstance(data, dict):
            response: HttpResponse = client.post(path, data)
        else:
            response = client.generic(method, path, data or "", content_type="application/json")
        # Hints to listeners and to the broker go once it is kept.
        waiting = [repr(function)[:160] for _blocks, function, _robust in connection.run_on_commit[before:]]
        transaction.set_rollback(True)
    changes = waiting + [each["sql"][:160] for each in queries if CHANGES.match(each["sql"])]
    # The savepoint of this request is no change; a message for the next page is the session's own.
    return response, changes


@pytest.mark.parametrize("name", SWEPT)
def test_the_door_opens_to_whom_it_may(cast: Cast, name: str) -> None:
    """GET and POST by everybody, the other methods by one who may; looking changes nothing."""
    door = DOORS[name]
    path = address(name, cast)
    assert is_public(path.partition("?")[0]) == door.public, "public by address and public by this table are one"
    wrong = []
    for person, user in cast.people.items():
        client = cast.client(user)
        for method, allowed in (("GET", door.get), ("POST", door.post)):
            response, changes = ask(client, method, path, door.data if method == "POST" else None)
            if not right(door, person, person in allowed, method, response.status_code):
                wrong.append(f"{person} {method} → {response.status_code}")
            if changes and (method == "GET" or person not in allowed) and not _own(door, changes):
                wrong.append(f"{person} {method} changes: {changes}")
    wrong += _other_methods(door, cast, path)
    if not door.public:
        wrong += _as_a_stranger(path)
    assert wrong == [], f"{name} {path}"


def _own(door: Door, changes: list[str]) -> bool:
    """Where the table says so, a library's page keeps something in the person's own session."""
    return bool(door.because) and all("django_session" in each or "usersession" in each for each in changes)


def _other_methods(door: Door, cast: Cast, path: str) -> list[str]:
    """HEAD and OPTIONS only look; PUT, PATCH and DELETE are nobody's."""
    client = cast.client(cast[min(door.get | door.post, default="lead")])
    wrong = []
    for method in ("HEAD", "OPTIONS", "PUT", "DELETE"):
        response, changes = ask(client, method, path)
        if (changes and not _own(door, changes)) or (response.status_code >= 500 and not door.because):
            wrong.append(f"{method} → {response.status_code} {changes}")
    return wrong


def _as_a_stranger(path: str) -> list[str]:
    """One and the same redirect, whatever is asked and how."""
    answers = {}
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        response = Client().generic(method, path)
        answers[method] = (response.status_code, dict(response.items()), response.content)
    first = answers["GET"]
    wrong = [f"a stranger's {method} differs: {answer}" for method, answer in answers.items() if answer != first]
    if (first[0], first[1].get("Location")) != (302, "/account/login/"):
        wrong.append(f"a stranger gets {first[0]}")
    return wrong


MIXED = [name for name in SWEPT if {"brief", "round"} & set(parameters(name)) and len(parameters(name)) > 1]


@pytest.mark.parametrize("name", MIXED)
@pytest.mark.usefixtures("another")
def test_a_child_under_another_parent_does_not_exist(cast: Cast, name: str) -> None:
    """Ids are checked together: a comment's id under another brief is a plain 404 (TRUST 7)."""
    door = DOORS[name]
    parent = next(each for each in ("brief", "round") if each in parameters(name))
    person = min(door.get | door.post)
    path = address(name, cast, **{parent: getattr(cast.elsewhere, parent).pk})
    client = cast.client(cast[person])
    statuses = {method: ask(client, method, path, door.data)[0].status_code for method in ("GET", "POST")}
    # 410 tells an editor's script that its section is not there (any more).
    assert set(statuses.values()) <= {404, 405, 410}, path
    assert {404, 410} & set(statuses.values())


def test_the_administration_does_not_exist_for_others(cast: Cast) -> None:
    for path in ("/admin/", "/admin/login/", "/admin/accounts/user/", "/admin/nothing/"):
        assert cast.client().get(path)["Location"] == "/account/login/"
        answers = {name: cast.client(user).get(path).status_code for name, user in cast.people.items()}
        assert {name for name, status in answers.items() if status != 404} <= {"admin"}


@pytest.mark.parametrize("path", ["/nothing/", "/write/nothing/", "/review/x/", "/release/x/", "/%00", "/write/..%2f"])
def test_an_address_that_is_none_tells_strangers_nothing(cast: Cast, path: str) -> None:
    assert cast.client().get(path)["Location"] == "/account/login/"
    assert cast.client(cast.lead).get(path).status_code == 404

"""What listeners may hear, asked for all at once: the same answer as for each alone, and never more queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from brief.models import Role
from config import live, rights
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def hears(cast: Cast, session: str) -> frozenset[str]:
    viewer = live.ask(session, cast.brief.pk)
    return viewer.topics if viewer else frozenset()


def test_everybody_hears_what_their_part_allows(cast: Cast) -> None:
    sessions = {name: cast.session(person) for name, person in cast.people.items()}
    assert cast.brief
    found = live.ask_all(list(sessions.values()), cast.brief.pk)
    topics = {name: set(found[key].topics) if key in found else set() for name, key in sessions.items()}
    draft = {"section", "presence", "outline", "job"}
    assert topics["editor"] == draft
    assert topics["lead"] == topics["partner"] == draft | {"talk"}
    assert topics["approver"] == topics["press"] == {"job"}
    assert not any(topics[name] for name in ("outsider", "former", "reviewer", "second_reviewer", "admin"))


def test_hundreds_of_listeners_take_four_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    assert cast.brief
    sessions = [cast.session(person) for _each in range(10) for person in (cast.lead, cast.partner, cast.editor)]
    with django_assert_num_queries(4):
        assert len(live.ask_all(sessions, cast.brief.pk)) == 30


def test_more_than_are_asked_at_once_are_asked_in_portions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "AT_ONCE", 4)
    assert cast.brief
    sessions = [cast.session(cast.lead) for _each in range(10)]
    assert set(live.ask_all(sessions, cast.brief.pk)) == set(sessions)


def test_a_session_that_ended_hears_nothing(cast: Cast) -> None:
    key = cast.session(cast.lead)
    assert hears(cast, key)
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not hears(cast, key)


def test_a_person_who_was_deactivated_hears_nothing(cast: Cast) -> None:
    key = cast.session(cast.lead)
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    assert not hears(cast, key)


def test_a_session_of_before_a_changed_password_hears_nothing(cast: Cast) -> None:
    key = cast.session(cast.lead)
    person = User.objects.get(pk=cast.lead.pk)
    person.set_password("another")
    person.save()
    assert not hears(cast, key)


def test_who_lost_the_role_hears_nothing(cast: Cast) -> None:
    key = cast.session(cast.partner)
    assert hears(cast, key)
    Role.objects.filter(user=cast.partner).delete()
    assert not hears(cast, key)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {SESSION_KEY: "nobody"},
        {SESSION_KEY: str(uuid4())},
        {HASH_SESSION_KEY: ""},
        {"_auth_user_backend": "elsewhere.Backend"},
    ],
)
def test_a_session_that_is_not_ours_hears_nothing(cast: Cast, told: dict[str, str]) -> None:
    store = SessionStore(cast.session(cast.lead))
    kept = dict(store.items()) if told else {}
    other = SessionStore()
    other.update({**kept, **told})
    other.create()
    assert not hears(cast, other.session_key or "")


def test_a_brief_that_is_none_is_heard_by_nobody(cast: Cast) -> None:
    assert live.ask(cast.session(cast.lead), uuid4()) is None

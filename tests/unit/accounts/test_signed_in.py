"""What every request asks first: whose session it is, and whether they must have a second factor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.backends import Backend
from accounts.models import User
from accounts.policies import needs_one
from accounts.sessions import SessionStore
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_session_says_what_was_put_into_it(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    store = SessionStore()
    store["colour"] = "green"
    store.create()
    with django_assert_num_queries(1):
        again = SessionStore(store.session_key)
        assert (again["colour"], again.session_key) == ("green", store.session_key)


@pytest.mark.parametrize("gone", ["over", "deleted"])
def test_a_session_that_is_over_or_gone_holds_nothing(gone: str) -> None:
    store = SessionStore()
    store["colour"] = "green"
    store.create()
    row = Session.objects.filter(session_key=store.session_key)
    row.update(expire_date=timezone.now() - timedelta(seconds=1)) if gone == "over" else row.delete()
    again = SessionStore(store.session_key)
    assert again.get("colour") is None
    # Django then gives another key: the old one must not come to life again.
    assert again.session_key is None


def test_a_session_that_was_tampered_with_holds_nothing() -> None:
    store = SessionStore()
    store["colour"] = "green"
    store.create()
    Session.objects.filter(session_key=store.session_key).update(session_data="e30:broken")
    assert SessionStore(store.session_key).get("colour") is None


def test_the_person_comes_whole_and_with_their_duty(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert cast.brief
    with django_assert_num_queries(1):
        lead = Backend().get_user(cast.lead.pk)
        assert lead is not None and not needs_one(lead)
    with django_assert_num_queries(1):
        editor = Backend().get_user(cast.editor.pk)
        assert editor is not None and needs_one(editor)
    stored = User.objects.get(pk=cast.lead.pk)
    fields = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(lead, name) for name in fields] == [getattr(stored, name) for name in fields]
    lead.name = "Somebody else"
    lead.save()
    assert User.objects.get(pk=lead.pk).name == "Somebody else"


def test_nobody_comes_for_those_who_may_not_sign_in(cast: Cast) -> None:
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    assert Backend().get_user(cast.lead.pk) is None
    assert Backend().get_user(cast.outsider.pk) == cast.outsider
    User.objects.filter(pk=cast.outsider.pk).delete()
    assert Backend().get_user(cast.outsider.pk) is None


def test_who_was_signed_in_by_another_way_is_so_no_more(cast: Cast) -> None:
    """The settings name one way; a session of another is nobody's."""
    assert settings.AUTHENTICATION_BACKENDS == ["accounts.backends.Backend"]
    client = cast.client(cast.lead)
    assert client.get("/desk/").status_code == 200
    store = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    store["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    store.save()
    assert client.get("/desk/").status_code == 302

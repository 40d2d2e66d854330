"""What every request asks first: whose session it is, and whether they must have a second factor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.backends import Backend
from accounts.middleware import SignedInMiddleware
from accounts.models import User
from accounts.policies import needs_one
from accounts.sessions import SessionStore
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_session_says_what_was_put_into_it(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    store = SessionStore()
    store["colour"] = "green"
    store.create()
    # The first looks for who signed in with it.
    with django_assert_num_queries(2):
        again = SessionStore(store.session_key)
        assert (again["colour"], again.session_key, again.person) == ("green", store.session_key, None)


def test_the_person_comes_with_their_session(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    assert cast.brief
    request = asked_by(cast.editor, cast)
    with django_assert_num_queries(1):
        assert request.user == cast.editor and needs_one(request.user)
        assert request.user.organisation == cast.editor.organisation
        assert request.session[SESSION_KEY] == str(cast.editor.pk)


def test_who_may_no_longer_sign_in_comes_with_no_session(cast: Cast) -> None:
    request = asked_by(cast.lead, cast)
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    assert request.user.is_anonymous


@pytest.mark.parametrize("gone", ["over", "deleted"])
def test_with_a_session_that_is_over_comes_nobody(cast: Cast, gone: str) -> None:
    request = asked_by(cast.lead, cast)
    row = Session.objects.filter(session_key=request.session.session_key)
    row.update(expire_date=timezone.now() - timedelta(seconds=1)) if gone == "over" else row.delete()
    assert request.user.is_anonymous and UserSession.objects.filter(user=cast.lead).exists()


def test_what_the_session_says_counts_not_the_list(cast: Cast) -> None:
    """allauth's list is for looking at: whose session it is, is signed within."""
    request = asked_by(cast.lead, cast)
    UserSession.objects.update(user=cast.outsider)
    assert request.user == cast.lead


def test_who_is_missing_from_the_list_is_asked_for(cast: Cast) -> None:
    request = asked_by(cast.lead, cast)
    UserSession.objects.all().delete()
    assert request.user == cast.lead


def test_nobody_is_remembered_from_one_request_to_the_next(cast: Cast) -> None:
    first = asked_by(cast.lead, cast)
    assert first.user.name == cast.lead.name
    User.objects.filter(pk=cast.lead.pk).update(name="Another Name")
    assert asked_by(cast.lead, cast).user.name == "Another Name"
    again = Backend().get_user(cast.lead.pk)
    assert again is not None and again.name == "Another Name"


def asked_by(person: User, cast: Cast) -> WSGIRequest:
    """A request with a session of theirs, as far as the pages' middleware has it."""
    request = RequestFactory().get("/desk/")
    request.session = SessionStore(cast.session(person))
    SignedInMiddleware(lambda request: HttpResponse()).process_request(request)
    return request


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

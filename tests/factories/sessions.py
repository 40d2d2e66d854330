"""Sessions as signing in leaves them, for clients and browsers that do not walk through it."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from accounts.models import User
from accounts.sessions import SessionStore


def signed_in(person: User, *, second_factor: bool) -> str:
    """The key of a new session, signed in by mailed code and, with ``second_factor``, by that too."""
    moment = timezone.now().timestamp()
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    methods: list[dict[str, object]] = [{"method": "code", "at": moment}]
    if second_factor:
        methods.append({"method": "mfa", "at": moment, "type": "totp"})
    session["account_authentication_methods"] = methods
    session["account_authentication_methods_user"] = str(person.pk)
    session.create()
    assert session.session_key
    UserSession.objects.create(user=person, session_key=session.session_key, ip="127.0.0.1", user_agent="tests")
    return session.session_key

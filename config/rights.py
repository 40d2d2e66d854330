"""What many listeners of one brief may hear now, in four queries whatever their number.

The same questions as a page asks of its session: does it exist, whose is it, may this person still sign in with
it, what are their roles. A process with thousands of streams asks them every few seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User
from brief.models import Brief, Role
from brief.permissions import remember_roles

#: Sessions asked for at once: a thread holds the interpreter no longer than some milliseconds.
AT_ONCE = 250


def people(sessions: Iterable[str], brief: UUID) -> Iterator[tuple[Brief, dict[str, User]]]:
    """The brief with their roles in mind, and session → who is signed in with it; portion by portion."""
    rest = iter(sessions)
    while keys := list(islice(rest, AT_ONCE)):
        subject = Brief.objects.filter(pk=brief).first()
        if subject is None:
            return
        signed_in = _signed_in(keys)
        _read_roles(subject, {user.pk: user for user in signed_in.values()})
        yield subject, signed_in


def _signed_in(keys: list[str]) -> dict[str, User]:
    store = SessionStore()
    rows = store.model.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    told = {key: store.decode(data) for key, data in rows.values_list("session_key", "session_data")}
    claims = {key: data for key, data in told.items() if _by_our_backend(data)}
    wanted = {UUID(str(data[SESSION_KEY])) for data in claims.values()}
    users = {user.pk: user for user in User.objects.filter(pk__in=wanted, is_active=True)}
    found = {}
    for key, data in claims.items():
        user = users.get(UUID(str(data[SESSION_KEY])))
        if user is not None and _still_valid(user, data):
            found[key] = user
    return found


def _by_our_backend(data: dict[str, Any]) -> bool:
    if data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    try:
        UUID(str(data.get(SESSION_KEY)))
    except ValueError:
        return False
    return True


def _still_valid(user: User, data: dict[str, Any]) -> bool:
    """Sessions of before a change of what signs them are void."""
    told = str(data.get(HASH_SESSION_KEY) or "")
    hashes = user.__dict__.get("_session_hashes")
    if hashes is None:
        hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
        user.__dict__["_session_hashes"] = hashes
    return any(constant_time_compare(told, each) for each in hashes)


def _read_roles(brief: Brief, users: dict[UUID, User]) -> None:
    held: dict[UUID, set[str]] = {pk: set() for pk in users}
    for user, role in Role.objects.filter(brief=brief, user__in=list(users)).values_list("user_id", "role"):
        held[user].add(role)
    for pk, roles in held.items():
        remember_roles(users[pk], brief, frozenset(roles))

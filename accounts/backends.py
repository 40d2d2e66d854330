"""Who is signed in, and whether they must have a second factor: asked in every request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS
from django.db.models import OuterRef, QuerySet, UUIDField

from accounts.models import Organisation, User
from accounts.policies import guarded
from ledger.prepared import Hole, Prepared

#: Whom the session's own query brought along, while Django asks for the person of that session.
_met: ContextVar[User | None] = ContextVar("met", default=None)


class Backend(AuthenticationBackend):
    """allauth's, with person, organisation and duty from one query: the session's, or one of its own."""

    def get_user(self, user_id: UUID) -> User | None:
        """The person, if they may still sign in. ``guarded`` is set for ``policies.needs_one``."""
        person = _met.get()
        if person is None or person.pk != user_id:
            person = next((person_of(row) for row in _person(id=user_id)), None)
        return person if person is not None and self.user_can_authenticate(person) else None


@contextmanager
def met(person: User | None) -> Iterator[None]:
    """Within, this person need not be asked for again. For one question only: a person kept longer goes stale."""
    before = _met.set(person)
    try:
        yield
    finally:
        _met.reset(before)


COLUMNS = [field.attname for field in User._meta.concrete_fields]
OF_ORGANISATION = [field.attname for field in Organisation._meta.concrete_fields]
WIDTH = len(COLUMNS) + len(OF_ORGANISATION)


def with_duty(person: Any, **more: Any) -> QuerySet[Any, tuple[Any, ...]]:
    """A row for ``person_of``: this person (an id, or an expression for it), their organisation, whether they must
    have a second factor; and ``more`` of one's own behind it."""
    rows = User.objects.filter(pk=person).annotate(duty=guarded(OuterRef("pk")), **more)
    return rows.values_list(*COLUMNS, *(f"organisation__{name}" for name in OF_ORGANISATION), "duty", *more)


def person_of(row: tuple[Any, ...]) -> User:
    """The person of a row of ``with_duty``; what follows in the row is not looked at."""
    person = User.from_db(DEFAULT_DB_ALIAS, COLUMNS, row[: len(COLUMNS)])
    person.guarded = row[WIDTH]
    if person.organisation_id:
        # Every page says whom one acts for.
        person.organisation = Organisation.from_db(DEFAULT_DB_ALIAS, OF_ORGANISATION, row[len(COLUMNS) : WIDTH])
    return person


_person = Prepared(lambda: with_duty(Hole("id", UUIDField())))

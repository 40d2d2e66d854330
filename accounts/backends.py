"""Who is signed in, and whether they must have a second factor: asked in every request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS
from django.db.models import OuterRef, QuerySet, UUIDField

from accounts.models import Organisation, User
from accounts.policies import guarded
from ledger.prepared import Hole, Prepared


class Backend(AuthenticationBackend):
    """allauth's, with person, organisation and duty from one query."""

    def get_user(self, user_id: UUID) -> User | None:
        """The person, if they may still sign in. ``guarded`` is set for ``policies.needs_one``."""
        for row in _person(id=user_id):
            person = User.from_db(DEFAULT_DB_ALIAS, COLUMNS, row[: len(COLUMNS)])
            person.guarded = row[-1]
            if person.organisation_id:
                # Every page says whom one acts for.
                person.organisation = Organisation.from_db(DEFAULT_DB_ALIAS, OF_ORGANISATION, row[len(COLUMNS) : -1])
            return person if self.user_can_authenticate(person) else None
        return None


COLUMNS = [field.attname for field in User._meta.concrete_fields]
OF_ORGANISATION = [field.attname for field in Organisation._meta.concrete_fields]


def _with_duty() -> QuerySet[Any, tuple[Any, ...]]:
    rows = User.objects.filter(pk=Hole("id", UUIDField())).annotate(duty=guarded(OuterRef("pk")))
    return rows.values_list(*COLUMNS, *(f"organisation__{name}" for name in OF_ORGANISATION), "duty")


_person = Prepared(_with_duty)

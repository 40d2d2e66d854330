"""``SESSION_ENGINE``: sessions in the database, as Django's; the look-up of every request is made into SQL once.

Whose session it is stands signed inside it, where the database cannot read it. But allauth lists under each key who
signed in with it, and so the person comes with the same query.
"""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, QuerySet, Subquery
from django.utils import timezone

from accounts.backends import person_of, with_duty
from accounts.models import User
from ledger.prepared import Hole, Prepared


class SessionStore(db.SessionStore):
    #: Who signed in with this key, by allauth's list, as read with the session. What the session itself says counts.
    person: User | None = None

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing when there is none, or none any more."""
        asked = {"key": self.session_key, "now": timezone.now()}
        for row in _listed(**asked):
            self.person = person_of(row)
            return self._opened(row[-1])
        # Nobody has signed in with it.
        for (data,) in _unlisted(**asked):
            return self._opened(data)
        return self._opened(None)

    def _opened(self, data: str | None) -> dict[str, Any]:
        if data is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(data)
        return found


def _living() -> QuerySet[Any, tuple[Any, ...]]:
    of_key = Session.objects.filter(session_key=Hole("key", CharField()))
    return of_key.filter(expire_date__gt=Hole("now", DateTimeField())).values_list("session_data")


def _with_person() -> QuerySet[Any, tuple[Any, ...]]:
    of_key = UserSession.objects.filter(session_key=Hole("key", CharField()))
    return with_duty(Subquery(of_key.values("user_id")), session=Subquery(_living()))


_listed, _unlisted = Prepared(_with_person), Prepared(_living)

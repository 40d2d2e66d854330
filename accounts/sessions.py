"""``SESSION_ENGINE``: sessions in the database, as Django's; the look-up of every request is made into SQL once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from ledger.prepared import Hole, Prepared


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """What the session holds; nothing when there is none, or none any more."""
        for (data,) in _living(key=self.session_key, now=timezone.now()):
            found: dict[str, Any] = self.decode(data)
            return found
        self._session_key = None
        return {}


def _by_key() -> QuerySet[Any, tuple[Any, ...]]:
    of_key = Session.objects.filter(session_key=Hole("key", CharField()))
    return of_key.filter(expire_date__gt=Hole("now", DateTimeField())).values_list("session_data")


_living = Prepared(_by_key)

"""Live hints, by PostgreSQL NOTIFY: sent on commit, and only hints (a client without them polls)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connection

CHANNEL = "countersign"
#: PostgreSQL takes no longer payload, in bytes.
LONGEST = 7_999


def notify(topic: str, *, scope: UUID | str | None = None, **data: Any) -> None:
    """Tell listeners of ``scope`` (a brief's id) something small, when this transaction commits.

    What is too long is not told: it is only a hint, and must not stop what it hints at.
    """
    hint = message(topic, scope=scope, **data)
    if len(hint.encode()) > LONGEST:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, hint])


def message(topic: str, *, scope: UUID | str | None = None, **data: Any) -> str:
    """A hint as it is sent, for a statement that does more than tell it."""
    return json.dumps({"topic": topic, "scope": str(scope) if scope else "", **data}, separators=(",", ":"))

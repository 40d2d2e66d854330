"""Live hints, by PostgreSQL NOTIFY: sent on commit, and only hints (a client without them polls)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connection

CHANNEL = "countersign"


def notify(topic: str, *, scope: UUID | str | None = None, **data: Any) -> None:
    """Tell listeners of ``scope`` (a brief's id) something small, when this transaction commits."""
    message = json.dumps({"topic": topic, "scope": str(scope) if scope else "", **data}, separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, message])

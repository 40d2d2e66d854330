"""Live hints, by PostgreSQL NOTIFY: told once what they hint at is kept, and only hints (a client without them polls).

Not in the transaction that they tell of: PostgreSQL lets one transaction with a NOTIFY commit at a time, and holds the
others until the disk has what that one wrote. Three writers on a slow disk waited for each other's disk.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

CHANNEL = "countersign"
#: PostgreSQL takes no longer payload, in bytes.
LONGEST = 7_999
#: A transaction of its own that waits for no disk: a hint is not worth keeping.
TELL = "SELECT set_config('synchronous_commit', 'off', true), pg_notify(%(channel)s, %(hint)s)"


def notify(topic: str, *, scope: UUID | str | None = None, **data: Any) -> None:
    """Tell listeners of ``scope`` (a brief's id) something small, once this transaction is committed.

    What is too long is not told: it is only a hint, and must not stop what it hints at.
    """
    tell(message(topic, scope=scope, **data))


def tell(hint: str) -> None:
    """``notify``, with a hint that is written already."""
    if len(hint.encode()) <= LONGEST:
        transaction.on_commit(partial(_told, hint), robust=True)


def message(topic: str, *, scope: UUID | str | None = None, **data: Any) -> str:
    """A hint as it is sent."""
    return json.dumps({"topic": topic, "scope": str(scope) if scope else "", **data}, separators=(",", ":"))


def _told(hint: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TELL, {"channel": CHANNEL, "hint": hint})

"""What the database holds, as a row count and a sum of hashes for each table: equal prints, equal contents."""

from __future__ import annotations

import time
from collections.abc import Collection

from django.db import connection
from django.utils import timezone

from ledger.models import Job

Prints = dict[str, tuple[int, str]]


def prints(leave_out: Collection[str] = ()) -> Prints:
    """Table → (rows, sum of the rows' 64-bit hashes)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall() if name not in leave_out]
        found: Prints = {}
        for name in tables:
            quoted = connection.ops.quote_name(name)
            # The name is the catalogue's own.
            cursor.execute(f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {quoted} t")  # noqa: S608
            found[name] = cursor.fetchone()
    return found


def differences(before: Prints, after: Prints) -> list[str]:
    """``table: 3 → 4 rows`` for each table that is not as it was."""
    told = []
    for name in sorted(before.keys() | after.keys()):
        first, second = before.get(name, (0, "")), after.get(name, (0, ""))
        if first != second:
            told.append(f"{name}: {first[0]} → {second[0]} rows")
    return told


def settle(seconds: float = 60.0) -> None:
    """Wait until the workers have nothing left that is due. Raises TimeoutError."""
    end = time.monotonic() + seconds
    quiet = 0
    while quiet < 2:
        due = Job.objects.filter(state="due", due_at__lte=timezone.now()).exists()
        quiet = 0 if due else quiet + 1
        if time.monotonic() > end:
            raise TimeoutError(f"jobs are still due after {seconds:g} s")
        time.sleep(0.3)

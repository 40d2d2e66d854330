"""The last statement of a transaction, with its COMMIT in the same message: one wait for the database, not two.

For the few statements that happen at every few letters of everybody. A wait is two changes from one process to
another, which on a busy machine take longer than the statement.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from ledger import live


def fetched(statement: str, values: dict[str, Any], *, last: bool, hint: str) -> tuple[Any, ...] | None:
    """The first row of one statement, or None; then ``hint`` is told. With ``last`` it is durable when this returns,
    unless a transaction around this one has yet to end.

    After a ``last`` one the block can undo nothing: whatever may still refuse must come before. Raises what the
    statement or COMMIT raises, and then nothing of the transaction is kept.
    """
    # savepoint_ids holds the blocks around this one.
    ends = last and connection.in_atomic_block and not connection.savepoint_ids and not connection.needs_rollback
    if ends:
        # The block's own commit finds nothing under way and asks the database nothing.
        statement = f"{statement.rstrip()};\nCOMMIT;\n{live.TELL}"
        values = {**values, "channel": live.CHANNEL, "hint": hint}
    else:
        live.tell(hint)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row

"""The ground under the product: clocks and disks."""

from __future__ import annotations

from datetime import UTC, datetime

from ledger.clock import database_now


def clock_difference() -> float:
    """How many seconds this host's clock is ahead of the database's, to half of the question's time."""
    before = datetime.now(UTC)
    told = database_now()
    after = datetime.now(UTC)
    return (before + (after - before) / 2 - told).total_seconds()

"""Work that was given up, once what stood in its way is mended."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from ledger.models import Job
from ledger.states import JobState


def given_up() -> list[tuple[str, str, int]]:
    """(kind, what kind of error, how many). What an error says may name people, so only its name is told."""
    rows = Job.objects.filter(state=JobState.FAILED).values_list("kind", "error").annotate(number=Count("pk"))
    counted: dict[tuple[str, str], int] = {}
    for kind, error, number in rows:
        key = (kind, str(error).partition(":")[0])
        counted[key] = counted.get(key, 0) + number
    return [(*key, number) for key, number in sorted(counted.items())]


def try_again(kind: str, *, since: datetime | None = None) -> int:
    """Make what was given up of one kind (and finished since then) due again; how many."""
    rows = Job.objects.filter(state=JobState.FAILED, kind=kind)
    if since is not None:
        rows = rows.filter(finished_at__gte=since)
    return rows.update(state=JobState.DUE, attempts=0, starts=0, finished_at=None, sentence="", due_at=timezone.now())

"""What waits, what failed, what is ahead: counts of rows, without anybody's name in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from ledger import replica
from ledger.clock import database_now
from ledger.models import Job, Mail
from ledger.states import JobState, MailState
from release.models import Embargo
from release.states import ReleaseState

#: Every queue is told, also when nothing waits in it.
QUEUES = ("default", "mail", "convert")


@dataclass(frozen=True)
class Queue:
    """Jobs of one queue: due now, for later, given up; ``age`` is the seconds since the oldest was due."""

    name: str
    due: int = 0
    later: int = 0
    failed: int = 0
    age: float = 0.0


@dataclass(frozen=True)
class Ahead:
    """Scheduled releases whose time has not come, and the seconds until the next (none: None)."""

    count: int
    seconds: float | None


def queues(now: datetime | None = None) -> list[Queue]:
    """The queues by name. May be a little behind (``ledger.replica``)."""
    now = now or database_now()
    waits, due = Q(state=JobState.DUE), Q(state=JobState.DUE, due_at__lte=now)
    rows = Job.objects.using(replica.alias()).exclude(state=JobState.DONE).values("queue").order_by("queue")
    counted = {
        row["queue"]: Queue(
            name=row["queue"],
            due=row["now"],
            later=row["all"] - row["now"],
            failed=row["gone"],
            age=max(0.0, (now - row["oldest"]).total_seconds()) if row["oldest"] else 0.0,
        )
        for row in rows.annotate(
            now=Count("pk", filter=due),
            all=Count("pk", filter=waits),
            gone=Count("pk", filter=Q(state=JobState.FAILED)),
            oldest=Min("due_at", filter=due),
        )
    }
    return [counted.pop(name, Queue(name)) for name in QUEUES] + list(counted.values())


def mails() -> dict[str, int]:
    """How many letters are in each state; ``waiting`` and ``given up`` are those of the outbox."""
    rows = Mail.objects.using(replica.alias()).values_list("state").annotate(number=Count("pk"))
    counted = dict.fromkeys(map(str, MailState.values), 0) | dict(rows)
    jobs = Job.objects.using(replica.alias()).filter(kind="mail").exclude(state=JobState.DONE)
    waiting = dict(jobs.values_list("state").annotate(number=Count("pk")))
    return {
        **counted,
        "waiting": waiting.get(JobState.DUE.value, 0),
        "given up": waiting.get(JobState.FAILED.value, 0),
    }


def last_mail() -> datetime | None:
    """When a letter last left."""
    rows = Mail.objects.using(replica.alias()).filter(state=MailState.SENT).order_by("-at")
    return rows.values_list("at", flat=True).first()


def ahead() -> Ahead:
    """Asked of the primary: whether something is public is never read from a copy (TRUST 6)."""
    now = database_now()
    rows = Embargo.objects.filter(
        release__status=ReleaseState.SCHEDULED, held_at__isnull=True, instant__gt=now
    ).aggregate(number=Count("pk"), first=Min("instant"))
    first = rows["first"]
    return Ahead(rows["number"], (first - now) / timedelta(seconds=1) if first else None)

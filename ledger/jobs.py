"""The outbox: asking for work in the transaction that causes it, and doing it exactly once.

``enqueue`` writes a row. After the commit the broker gets a hint; when it is away, the sweep finds
the row. ``run`` holds the row's lock while the handler works, in one transaction with the
handler's effects: a worker that dies leaves nothing behind and the job is simply still due. That
it was begun is committed before: a job that kills every worker is put away after ``MOST_STARTS``.
Handlers must nevertheless be idempotent where they touch what is outside the database: what they say
there is written by a ``preparer`` and committed first, so that a second try says the same.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger import live, metrics
from ledger.models import Job
from ledger.slots import Registry
from ledger.states import JobState

log = logging.getLogger(__name__)

#: Beyond so many beginnings without an end a job is taken for what kills its workers.
MOST_STARTS = 30
#: Queues whose jobs a page waits for. Of others nobody is told: the moment at which a brief's mail
#: left is the moment at which a reviewer did something.
WATCHED = frozenset({"convert"})

Handler = Callable[["Running"], dict[str, Any] | None]
#: Job kind → what does it. Registered in ``AppConfig.ready()``.
handlers: Registry[Handler] = Registry("job handlers")
#: Job kind → what is committed before the handler begins; it may keep something in ``job.result``, which
#: stays until the job has ended.
preparers: Registry[Callable[[Running], None]] = Registry("job preparers")
#: How a committed job reaches a worker; ``ledger.tasks`` sets it, so that nothing here imports Celery's app.
_hint: list[Callable[[Job], None]] = []


class GiveUp(Exception):
    """Raised by a handler that need not be tried again; ``sentence`` is shown to who waits."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Running:
    """What a handler is given: its job, and a way to tell how far it is."""

    job: Job

    @property
    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = self.job.payload
        return payload

    def progress(self, percent: int, note: str = "") -> None:
        """Told through the cache: the handler's transaction is not visible before its end."""
        tell_progress(self.job.pk, percent, note)


def enqueue(
    kind: str,
    *,
    key: str,
    payload: dict[str, Any] | None = None,
    queue: str = "default",
    scope: UUID | None = None,
    due_at: datetime | None = None,
    max_attempts: int = 5,
) -> Job:
    """Write one job into the current transaction; the same ``key`` gives the same job."""
    job, created = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "payload": payload or {},
            "queue": queue,
            "scope": scope,
            "due_at": due_at or Now(),
            "max_attempts": max_attempts,
        },
    )
    if created and due_at is None:
        transaction.on_commit(lambda: hint(job), robust=True)
    return job


def hint(job: Job) -> None:
    """Tell the broker, without waiting for it; without one the sweep will find the row."""
    for tell in _hint:
        tell(job)


def on_hint(send: Callable[[Job], None]) -> None:
    _hint[:] = [send]


def due(limit: int = 100, *, queues: Sequence[str] = ()) -> list[UUID]:
    """Ids of jobs whose time has come, oldest first; of some queues only, or of all."""
    rows = Job.objects.filter(state=JobState.DUE, due_at__lte=Now()).order_by("due_at")
    if queues:
        rows = rows.filter(queue__in=queues)
    return list(rows.values_list("pk", flat=True)[:limit])


def run(job_id: UUID | str) -> bool:
    """Do one job if it is due and nobody else is at it. True when it was done now."""
    if not _begin(job_id):
        return False
    with transaction.atomic():
        job = _free(job_id)
        if job is None:
            return False
        job.attempts += 1
        began = time.monotonic()
        metrics.JOB_WAIT.labels(job.queue).observe(max(0.0, (timezone.now() - job.due_at).total_seconds()))
        try:
            with transaction.atomic():
                result = handlers.get(job.kind)(Running(job))
        except GiveUp as given_up:
            _finish(job, JobState.FAILED, error="gave up", sentence=given_up.sentence)
        except Exception as error:
            log.exception("job failed", extra={"kind": job.kind, "job": str(job.pk)})
            _try_again(job, error)
        else:
            _finish(job, JobState.DONE, result=result or {})
    outcome = "again" if job.state == JobState.DUE else str(job.state)
    metrics.JOBS.labels(job.kind, outcome).observe(time.monotonic() - began)
    return job.state == JobState.DONE


def _free(job_id: UUID | str) -> Job | None:
    """The job, its row held, if it is due and nobody else holds it."""
    # By the database's clock: a worker whose own is behind would leave everything for later.
    rows = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, state=JobState.DUE, due_at__lte=Now())
    return rows.first()


def _begin(job_id: UUID | str) -> bool:
    """Commit that it is begun. A job begun too often, that never ended, is put away instead."""
    with transaction.atomic():
        job = _free(job_id)
        if job is None:
            return False
        if job.starts - job.attempts >= MOST_STARTS:
            log.error("job put away: it kills its workers", extra={"kind": job.kind, "job": str(job.pk)})
            sentence = _("This did not work after several tries. The administrators can see why.")
            _finish(job, JobState.FAILED, error="its workers died", sentence=sentence)
            return False
        job.starts += 1
        _prepare(job)
        job.save(update_fields=["starts", "result"])
    return True


def _prepare(job: Job) -> None:
    """What fails here leaves nothing; the handler will meet the same trouble, and that is counted."""
    if job.kind not in preparers:
        return
    try:
        with transaction.atomic():
            preparers.get(job.kind)(Running(job))
    except Exception:
        log.exception("job not prepared", extra={"kind": job.kind, "job": str(job.pk)})


def run_due(*, rounds: int = 20) -> int:
    """Do everything that is due, also what that causes; for the command line and the tests."""
    total = 0
    for _round in range(rounds):
        ids = due()
        if not ids:
            break
        total += sum(run(identifier) for identifier in ids)
    return total


def _finish(job: Job, state: str, *, result: dict[str, Any] | None = None, error: str = "", sentence: str = "") -> None:
    job.state = state
    job.finished_at = timezone.now()
    job.result = result or {}
    job.error, job.sentence = error, sentence
    job.save()
    if job.queue in WATCHED:
        live.notify("job", scope=job.scope, job=str(job.pk), state=str(state))


def _try_again(job: Job, error: Exception) -> None:
    if job.attempts >= job.max_attempts:
        sentence = _("This did not work after several tries. The administrators can see why.")
        _finish(job, JobState.FAILED, error=_describe(error), sentence=sentence)
        return
    job.due_at = Now() + timedelta(seconds=2 ** min(job.attempts, 10))
    job.error = _describe(error)
    job.save()


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


def tell_progress(job_id: UUID, percent: int, note: str = "") -> None:
    cache.set(f"job:{job_id}", {"percent": max(0, min(100, percent)), "note": note}, 3600)


def progress(job: Job) -> dict[str, Any]:
    """``{"percent": 0–100, "note": str, "state": str}`` of a job, for the page that waits."""
    told: dict[str, Any] = cache.get(f"job:{job.pk}") or {}
    percent = 100 if job.state == JobState.DONE else int(told.get("percent", 0))
    return {"percent": percent, "note": str(told.get("note", "")), "state": job.state}

"""The two Celery tasks. The broker carries only a job's id; the row holds the truth."""

from __future__ import annotations

from celery import current_app, shared_task
from django.conf import settings
from django.core.cache import cache

from ledger import clock, jobs
from ledger.models import Job
from ledger.states import JobState

#: Seconds after the soft limit in which a job may still put itself away; then its process is ended.
GRACE = 60
#: Seconds within which a second sweep is none.
SWEPT = 3


@shared_task(
    name="ledger.run",
    soft_time_limit=settings.JOB_TIME_LIMIT,
    # A hang inside a library hears no exception; the row's lock must not be held for ever.
    time_limit=settings.JOB_TIME_LIMIT + GRACE,
    ignore_result=True,
)
def run(job_id: str) -> None:
    """Do one job by id."""
    jobs.run(job_id)


@shared_task(name="ledger.sweep", ignore_result=True)
def sweep() -> None:
    """Send what is due or left over to its queue; a double is harmless, and sweeps that piled up are one.

    Queue by queue: a hundred files that wait to be read must not keep the mail from being found.
    """
    if not cache.add("swept", 1, SWEPT):
        return
    for queue in Job.objects.filter(state=JobState.DUE).values_list("queue", flat=True).distinct():
        for job in Job.objects.filter(pk__in=jobs.due(queues=[queue])).only("pk", "queue"):
            send(job)


@shared_task(name="ledger.retention", ignore_result=True)
def retention() -> None:
    """Ask for the night's removal of what is old; a second asking in one night is the same job."""
    jobs.enqueue("retention", key=f"retention:{clock.database_now():%Y-%m-%d}")


def send(job: Job) -> None:
    # retry=False: the sweep tries again soon enough.
    current_app.send_task("ledger.run", args=[str(job.pk)], queue=job.queue, retry=False, ignore_result=True)

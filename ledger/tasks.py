"""The two Celery tasks. The broker carries only a job's id; the row holds the truth."""

from __future__ import annotations

from celery import current_app, shared_task
from django.conf import settings

from ledger import clock, jobs
from ledger.models import Job

#: Seconds after the soft limit in which a job may still put itself away; then its process is ended.
GRACE = 60


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
    """Send what is due or left over to its queue; a double is harmless."""
    for job in Job.objects.filter(pk__in=jobs.due()).only("pk", "queue"):
        send(job)


@shared_task(name="ledger.retention", ignore_result=True)
def retention() -> None:
    """Ask for the night's removal of what is old; a second asking in one night is the same job."""
    jobs.enqueue("retention", key=f"retention:{clock.database_now():%Y-%m-%d}")


def send(job: Job) -> None:
    # retry=False: a person is waiting for the page that caused this.
    current_app.send_task("ledger.run", args=[str(job.pk)], queue=job.queue, retry=False, ignore_result=True)

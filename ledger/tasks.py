"""The two Celery tasks. The broker carries only a job's id; the row holds the truth."""

from __future__ import annotations

from celery import current_app, shared_task
from django.conf import settings

from ledger import jobs
from ledger.models import Job


@shared_task(name="ledger.run", soft_time_limit=settings.JOB_TIME_LIMIT, ignore_result=True)
def run(job_id: str) -> None:
    """Do one job by id."""
    jobs.run(job_id)


@shared_task(name="ledger.sweep", ignore_result=True)
def sweep() -> None:
    """Send what is due or left over to its queue; a double is harmless."""
    for job in Job.objects.filter(pk__in=jobs.due()).only("pk", "queue"):
        send(job)


def send(job: Job) -> None:
    # retry=False: a person is waiting for the page that caused this.
    current_app.send_task("ledger.run", args=[str(job.pk)], queue=job.queue, retry=False, ignore_result=True)

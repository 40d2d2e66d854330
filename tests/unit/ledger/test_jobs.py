"""The outbox: what is written with its cause is done once, after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from ledger import jobs, live
from ledger.models import Job
from ledger.states import JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def done() -> Iterator[list[dict[str, Any]]]:
    """A job kind ``note`` that notes its payloads; ``{"fail": …}`` makes it fail."""
    noted: list[dict[str, Any]] = []

    def handler(running: jobs.Running) -> dict[str, Any]:
        if running.payload.get("give_up"):
            raise jobs.GiveUp("Not this one.")
        if running.payload.get("fail"):
            raise RuntimeError("broken")
        noted.append(running.payload)
        return {"noted": len(noted)}

    jobs.handlers.register("note", handler)
    yield noted
    jobs.handlers._entries.pop("note")


def test_a_job_is_done_once_however_often_it_is_delivered(done: list[dict[str, Any]]) -> None:
    job = jobs.enqueue("note", key="a", payload={"n": 1})
    assert [jobs.run(job.pk) for _delivery in range(5)] == [True, False, False, False, False]
    assert done == [{"n": 1}]


def test_the_same_key_gives_the_same_job(done: list[dict[str, Any]]) -> None:
    assert jobs.enqueue("note", key="a").pk == jobs.enqueue("note", key="a").pk
    jobs.run_due()
    assert len(done) == 1


def test_a_cause_that_is_rolled_back_leaves_no_job(done: list[dict[str, Any]]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("note", key="a")
        raise ZeroDivisionError
    assert jobs.run_due() == 0
    assert not Job.objects.exists()


def test_a_failed_job_is_due_again_later(done: list[dict[str, Any]]) -> None:
    job = jobs.enqueue("note", key="a", payload={"fail": True})
    assert not jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DUE
    assert job.attempts == 1
    assert job.due_at > timezone.now()
    assert job.error == "RuntimeError: broken"


def test_a_job_that_fails_too_often_ends_with_a_sentence(done: list[dict[str, Any]]) -> None:
    job = jobs.enqueue("note", key="a", payload={"fail": True}, max_attempts=1)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "administrators" in job.sentence


def test_a_job_that_gives_up_is_not_tried_again(done: list[dict[str, Any]]) -> None:
    job = jobs.enqueue("note", key="a", payload={"give_up": True})
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.sentence) == (JobState.FAILED, "Not this one.")


def test_a_job_for_later_waits(done: list[dict[str, Any]]) -> None:
    jobs.enqueue("note", key="a", due_at=timezone.now() + timedelta(hours=1))
    assert jobs.run_due() == 0
    assert done == []


@pytest.mark.parametrize(("queue", "told"), [("convert", 1), ("mail", 0), ("default", 0)])
def test_only_jobs_that_a_page_waits_for_are_told_of(
    done: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, queue: str, told: int
) -> None:
    """Authors listen too: the moment a mail leaves is the moment a reviewer handed in."""
    notified: list[str] = []
    monkeypatch.setattr(jobs.live, "notify", lambda topic, **data: notified.append(topic))
    jobs.run(jobs.enqueue("note", key="a", queue=queue).pk)
    assert len(notified) == told


def test_a_job_that_kills_every_worker_is_put_away_in_the_end(done: list[dict[str, Any]]) -> None:
    class Killed(BaseException):
        """As SIGKILL: nothing of the job's transaction stays."""

    def kills(running: jobs.Running) -> None:
        raise Killed

    jobs.handlers.register("poison", kills)
    job = jobs.enqueue("poison", key="a")
    for _start in range(jobs.MOST_STARTS):
        with pytest.raises(Killed):
            jobs.run(job.pk)
    assert not jobs.run(job.pk)
    job.refresh_from_db()
    jobs.handlers._entries.pop("poison")
    assert (job.state, job.attempts, job.starts) == (JobState.FAILED, 0, jobs.MOST_STARTS)
    assert "administrators" in job.sentence


def test_a_hint_that_is_too_long_stops_nothing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as told:
        live.notify("presence", people=["x" * 9000])
        live.notify("presence", people=["x" * 900])
    assert len(told) == 1


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_wrong_clock_of_ours_neither_delays_a_job_nor_does_it_early(
    done: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    right = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: right() + timedelta(hours=hours))
    later = jobs.enqueue("note", key="later", payload={"at": "later"}, due_at=right() + timedelta(hours=1))
    jobs.enqueue("note", key="now", payload={"at": "now"})
    assert jobs.run_due() == 1
    assert not jobs.run(later.pk)
    assert [each["at"] for each in done] == ["now"]

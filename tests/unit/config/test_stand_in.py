"""Without a broker jobs are done from their table."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from config import stand_in
from ledger import jobs, tasks
from ledger.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    found: list[str] = []
    jobs.handlers.register("note", lambda running: found.append(running.job.key))
    # The test's transaction is in it.
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    yield found
    jobs.handlers._entries.pop("note")


def rounds(number: int) -> Any:
    """Away for so many looks."""
    left = [True] * number
    return lambda: bool(left and left.pop())


def test_it_does_what_is_due_in_its_queues(noted: list[str]) -> None:
    jobs.enqueue("note", key="a", queue="mail")
    jobs.enqueue("note", key="b", queue="convert")
    assert stand_in.work(["mail"], rounds(2), pause=0) == 1
    assert noted == ["a"]


def test_it_ends_when_the_broker_is_back(noted: list[str]) -> None:
    jobs.enqueue("note", key="a")
    assert stand_in.work(["default"], rounds(0), pause=0) == 0
    assert noted == []


def test_a_database_that_is_away_too_is_waited_for(noted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.enqueue("note", key="a")
    answers = [OperationalError("away"), None]
    due = jobs.due

    def sometimes(**fields: Any) -> Any:
        answer = answers.pop(0) if answers else None
        if answer:
            raise answer
        return due(**fields)

    monkeypatch.setattr(jobs, "due", sometimes)
    assert stand_in.work(["default"], rounds(3), pause=0) == 1


def test_the_watch_begins_one_stand_in_when_two_looks_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([True, False, True, False, False, False, False])
    begun: list[Any] = []

    class Running:
        def poll(self) -> None:
            return None

    def reachable() -> bool:
        try:
            return next(looks)
        except StopIteration:
            raise SystemExit from None

    monkeypatch.setattr("ledger.cache.reachable", reachable)
    monkeypatch.setattr(stand_in, "begin", lambda queues: begun.append(queues) or Running())
    with pytest.raises(SystemExit):
        stand_in.Watch(["mail"], look=0).run()
    assert begun == [["mail"]]


def test_the_process_ends_at_once_where_the_broker_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    monkeypatch.setattr("ledger.cache.reachable", lambda: True)
    stand_in.main(["mail"])
    assert time.monotonic() - began < 2


def test_a_full_queue_keeps_no_other_from_being_swept(noted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(101):
        jobs.enqueue("note", key=f"read {number}", queue="convert")
    jobs.enqueue("note", key="mail", queue="mail")
    sent: list[str] = []
    monkeypatch.setattr(tasks, "send", lambda job: sent.append(job.queue))
    tasks.sweep()
    tasks.sweep()  # beat's, that lay in the broker while no worker took them, are one
    assert sent.count("mail") == 1 and sent.count("convert") == 100
    assert Job.objects.count() == 102

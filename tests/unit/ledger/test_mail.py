"""One letter for each mail job, however often a worker dies over it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from accounts import sign_in
from ledger import jobs, mail
from ledger.models import Job, Mail
from ledger.states import JobState
from tests.cast import Cast


class Died(Exception):
    """Stands for a worker's end after the mail server said yes."""


@pytest.fixture
def job(cast: Cast) -> Job:
    """The mail with a sign-in code."""
    sign_in.send(sign_in.reserve(), cast.lead.email)
    return Job.objects.get(kind="mail")


@pytest.fixture
def dies(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """While this holds something, a mail leaves and its worker dies."""
    left: list[int] = []
    send = EmailMultiAlternatives.send

    def leaves(message: EmailMultiAlternatives, *arguments: Any) -> int:
        sent = send(message, *arguments)
        if left:
            left.pop()
            raise Died
        return sent

    monkeypatch.setattr(EmailMultiAlternatives, "send", leaves)
    return left


def again(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    assert jobs.run(job.pk)


def words(message: Any) -> tuple[str, str, list[Any], dict[str, str]]:
    return message.subject, message.body, message.alternatives, message.extra_headers


def test_the_second_try_sends_the_same_letter(job: Job, dies: list[int]) -> None:
    dies.append(1)
    assert not jobs.run(job.pk)
    again(job)
    first, second = django_mail.outbox
    assert words(first) == words(second)
    assert Mail.objects.get().message_id == first.extra_headers["Message-ID"]


def test_the_code_in_a_mail_whose_worker_died_opens(cast: Cast, job: Job, dies: list[int]) -> None:
    dies.append(1)
    jobs.run(job.pk)
    found = re.search(r"\b\d{3} \d{3}\b", django_mail.outbox[0].body)
    assert found
    again(job)
    assert sign_in.matches(job.payload["code"], found[0])


def test_a_letter_lies_sealed_until_it_has_left(job: Job, dies: list[int]) -> None:
    dies.append(1)
    jobs.run(job.pk)
    job.refresh_from_db()
    kept = str(job.result)
    assert job.state == JobState.DUE and job.result["letter"]
    assert not any(word in kept for word in django_mail.outbox[0].body.split() if len(word) > 4)
    again(job)
    job.refresh_from_db()
    assert job.result == {"sent": True}


def test_a_letter_that_has_waited_long_is_written_anew(
    job: Job, dies: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    dies.append(1)
    jobs.run(job.pk)
    monkeypatch.setattr(mail, "SAME", -1)
    again(job)
    assert words(django_mail.outbox[0])[1] != words(django_mail.outbox[1])[1]


def test_a_letter_sealed_under_a_lost_key_is_written_anew(job: Job, dies: list[int], settings: Any) -> None:
    dies.append(1)
    jobs.run(job.pk)
    settings.SECRET_KEY = "another" * 10
    again(job)
    assert len(django_mail.outbox) == 2


def test_what_cannot_be_written_is_tried_again_and_counted(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(payload: dict[str, Any]) -> None:
        raise RuntimeError("no such template")

    monkeypatch.setitem(mail.builders._entries, "sign_in_code", broken)
    assert not jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.starts, job.attempts) == (JobState.DUE, 1, 1)
    monkeypatch.undo()
    again(job)
    assert len(django_mail.outbox) == 1


def test_what_is_no_longer_due_is_not_sent(cast: Cast, job: Job) -> None:
    from accounts.models import SignInCode

    SignInCode.objects.update(used_at=timezone.now())
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert job.result == {"sent": False} and not django_mail.outbox


@pytest.mark.django_db
def test_a_mail_server_may_be_away_for_a_night() -> None:
    mail.post("account_notice", key="night")
    job = Job.objects.get(key="mail:account_notice:night")
    waited = sum(2 ** min(attempt, 10) for attempt in range(1, job.max_attempts))
    assert waited > 12 * 3600

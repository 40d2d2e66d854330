"""The mail that comments were handed in does not tell when a reviewer acted (TRUST 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from ledger.models import Job
from review import actions
from review.deadlines import next_morning
from tests.cast import Cast
from tests.unit.review.conftest import Comment, fresh

Jobs = Callable[[], int]
TOLD = "Comments have been handed in"


def told() -> list[str]:
    return sorted(message.to[0] for message in outbox.outbox if message.subject == TOLD)


def waiting() -> list[Job]:
    return list(Job.objects.filter(key__startswith="mail:comments_handed_over", state="due"))


def the_morning_comes() -> None:
    Job.objects.filter(pk__in=[job.pk for job in waiting()]).update(due_at=timezone.now())


@pytest.mark.django_db
def test_it_leaves_in_the_morning_on_the_rounds_clock(cast: Cast, handed: Comment, run_jobs: Jobs) -> None:
    handed()
    run_jobs()
    assert told() == []
    moments = {job.due_at for job in waiting()}
    assert moments == {next_morning(timezone.now(), "Europe/Vienna")}


@pytest.mark.django_db
def test_two_reviews_of_one_day_make_one_mail_each(cast: Cast, handed: Comment, run_jobs: Jobs) -> None:
    handed()
    actions.resume(actor=cast.reviewer, round=fresh(cast.round))
    handed("And a second time.")
    the_morning_comes()
    run_jobs()
    assert told() == sorted(person.email for person in (cast.lead, cast.colleague, cast.partner, cast.editor))


@pytest.mark.django_db
def test_nothing_is_told_when_nothing_waits_any_more(cast: Cast, handed: Comment, run_jobs: Jobs) -> None:
    actions.withdraw_comment(actor=cast.reviewer, thread=handed())
    the_morning_comes()
    run_jobs()
    assert told() == []


@pytest.mark.django_db
def test_closing_the_round_is_nobodys_secret_and_told_at_once(cast: Cast, comment: Comment, run_jobs: Jobs) -> None:
    comment()
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    run_jobs()
    assert cast.lead.email in told()


@pytest.mark.parametrize(
    ("now", "zone", "then"),
    [
        (datetime(2026, 3, 10, 5, 59, tzinfo=UTC), "Europe/Vienna", datetime(2026, 3, 10, 6, 0, tzinfo=UTC)),
        (datetime(2026, 3, 10, 6, 0, tzinfo=UTC), "Europe/Vienna", datetime(2026, 3, 11, 6, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), "Europe/Vienna", datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
        (datetime(2026, 3, 10, 23, 0, tzinfo=UTC), "Asia/Kathmandu", datetime(2026, 3, 11, 1, 15, tzinfo=UTC)),
    ],
)
def test_the_morning_follows_the_zones_clocks(now: datetime, zone: str, then: datetime) -> None:
    assert next_morning(now, zone) == then
    assert timedelta() < then - now <= timedelta(hours=25)

"""`manage.py work`: what was given up is seen without what it says of people, and tried again."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ledger.models import Job

pytestmark = pytest.mark.django_db


def told(*words: str) -> str:
    out = StringIO()
    call_command("work", *words, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _given_up() -> None:
    now = timezone.now()
    for hours, kind in ((1, "mail"), (5, "mail"), (1, "release.candidate")):
        Job.objects.create(
            kind=kind,
            key=f"{kind}{hours}",
            queue="mail",
            state="failed",
            attempts=5,
            error="SMTPRecipientsRefused: {'somebody@people.example': 550}",
            due_at=now,
            finished_at=now - timedelta(hours=hours),
        )


def test_it_lists_kinds_and_errors_and_nobody() -> None:
    said = told()
    assert "given up: 2 × mail (SMTPRecipientsRefused)" in said
    assert "mail: 0 due, 0 for later" in said and "somebody" not in said


def test_what_was_given_up_since_is_tried_again() -> None:
    since = (timezone.now() - timedelta(hours=2)).isoformat()
    assert told("--again", "mail", "--since", since) == "1 are due again.\n"
    job = Job.objects.get(key="mail1")
    assert (job.state, job.attempts, job.finished_at) == ("due", 0, None)
    assert Job.objects.filter(state="failed").count() == 2
    assert told("--again", "mail") == "1 are due again.\n"


def test_a_time_needs_its_zone() -> None:
    with pytest.raises(CommandError, match="zone"):
        told("--again", "mail", "--since", "2026-11-22T10:00")

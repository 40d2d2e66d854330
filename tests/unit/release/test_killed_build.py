"""A build whose program was ended from outside is tried again; one that its text ends is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from document import artefacts, sandbox
from ledger import jobs
from ledger.models import Job
from release.models import Release
from release.states import ReleaseState
from tests.cast import Cast
from tests.factories.releases import again, building

pytestmark = pytest.mark.django_db


def fails_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def build(*arguments: Any, **named: Any) -> None:
        raise error

    monkeypatch.setattr(artefacts, "build", build)


def tried(release: Release) -> Release:
    Job.objects.filter(pk=release.job_id).update(due_at=timezone.now())
    jobs.run(release.job_id)
    return again(release)


def test_a_killed_program_is_nobodys_text(cast: Cast, small_files: None, monkeypatch: pytest.MonkeyPatch) -> None:
    release = building(cast)
    with monkeypatch.context() as patched:
        fails_with(patched, sandbox.Killed("exit -9:"))
        assert tried(release).status == ReleaseState.BUILDING
    assert tried(release).status == ReleaseState.CLEARANCE


def test_it_ends_when_it_is_killed_every_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    release = building(cast)
    fails_with(monkeypatch, sandbox.Killed("exit -9:"))
    states = [tried(release).status for _try in range(3)]
    assert states == [ReleaseState.BUILDING, ReleaseState.BUILDING, ReleaseState.FAILED]


def test_a_text_that_cannot_be_set_is_told_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    release = building(cast)
    fails_with(monkeypatch, sandbox.Failed("error: unknown variable"))
    assert tried(release).status == ReleaseState.FAILED

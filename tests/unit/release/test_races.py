"""Two people at once, on real connections: never a signature on something else, never half a change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection

from accounts import second_factor
from accounts.models import SpentFactor
from brief.models import Brief
from brief.states import BriefState
from ledger import clock, jobs
from ledger.models import Job
from ledger.refusals import Refusal
from release import actions, visibility
from release.models import Embargo, Release, SignOff
from release.moments import wall
from release.states import ReleaseState
from tests.cast import Cast
from tests.factories.releases import again, give_signature, in_clearance, scheduled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("small_files"), pytest.mark.slow]


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Each act on a thread and a connection of its own, begun at the same moment; results or refusals."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(index: int) -> None:
        close_old_connections()
        barrier.wait()
        try:
            results[index] = acts[index]()
        except Refusal as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def signing(cast: Cast, who: str, release: Release) -> Callable[[], Any]:
    SpentFactor.objects.filter(user=cast[who]).delete()
    code = second_factor.current_code(cast[who])
    return lambda: actions.sign(actor=cast[who], release=release, manifest_sha256=release.manifest_sha256, code=code)


def consistent(release: Release) -> None:
    """Every live signature is on the manifest as it is; a cleared release has all of them."""
    release = again(release)
    live = SignOff.objects.filter(release=release, voided_at__isnull=True, decision="signed")
    assert {each.manifest_sha256 for each in live} <= {release.manifest_sha256}
    if release.status in (ReleaseState.CLEARED, ReleaseState.SCHEDULED, ReleaseState.PUBLISHED):
        assert live.count() == 2
    if release.status == ReleaseState.VOID:
        assert not live.exists()
    closed = Brief.objects.get(pk=release.brief_id).status == BriefState.CLEARANCE
    assert closed == (release.status not in (ReleaseState.VOID, ReleaseState.FAILED, ReleaseState.PUBLISHED))


@pytest.mark.parametrize("time", range(4))
def test_signing_while_reopening(cast: Cast, time: int) -> None:
    release = in_clearance(cast)
    together(
        signing(cast, "approver", release),
        lambda: actions.reopen(actor=cast.editor, release=release, reason="A figure is wrong."),
        signing(cast, "partner_approver", release),
    )
    consistent(release)
    assert again(release).status == ReleaseState.VOID


@pytest.mark.parametrize("time", range(3))
def test_signing_while_a_gate_changes(cast: Cast, time: int) -> None:
    release = in_clearance(cast)
    Brief.objects.filter(pk=release.brief_id).update(isbn="")
    together(
        signing(cast, "approver", release),
        lambda: actions.check_again(actor=cast.editor, release=release),
        signing(cast, "partner_approver", release),
    )
    consistent(release)
    assert again(release).status == ReleaseState.CLEARANCE


@pytest.mark.parametrize("time", range(3))
def test_both_sign_at_once(cast: Cast, time: int) -> None:
    release = in_clearance(cast)
    together(signing(cast, "approver", release), signing(cast, "partner_approver", release))
    consistent(release)
    assert again(release).status == ReleaseState.CLEARED


def test_one_person_signs_five_times_at_once(cast: Cast) -> None:
    release = in_clearance(cast)
    act = signing(cast, "approver", release)
    results = together(*[act] * 5)
    assert sum(isinstance(each, SignOff) for each in results) == 1
    assert SignOff.objects.filter(release=release).count() == 1


def test_two_editors_build_at_once(cast: Cast) -> None:
    from tests.factories.releases import ready

    brief = ready(cast)
    version = cast.version

    def build() -> Any:
        return actions.build_candidate(actor=cast.editor, brief=brief, version=version)

    results = together(build, build, build)
    assert sum(isinstance(each, Release) for each in results) == 1
    assert Release.objects.count() == 1


@pytest.mark.parametrize("time", range(3))
def test_a_return_while_the_press_officer_schedules(cast: Cast, time: int) -> None:
    release = in_clearance(cast)
    for person in (cast.approver, cast.partner_approver):
        give_signature(person, release)
    soon = wall(clock.database_now() + timedelta(days=1), "UTC")
    together(
        lambda: actions.set_embargo(actor=cast.press, release=release, wall_time=soon, zone="UTC"),
        lambda: actions.return_release(
            actor=cast.approver, release=release, manifest_sha256=release.manifest_sha256, reason="Stop."
        ),
    )
    consistent(release)
    assert again(release).status == ReleaseState.CLEARANCE
    assert not visibility.public().exists()


def test_publishing_five_times_at_once_happens_once(cast: Cast) -> None:
    release = scheduled(cast)
    Embargo.objects.filter(release=release).update(instant=clock.database_now())
    job = Job.objects.get(kind="release.publish")
    Job.objects.filter(pk=job.pk).update(due_at=clock.database_now())
    results = together(*[lambda: jobs.run(job.pk)] * 5)
    assert results.count(True) == 1
    consistent(release)
    assert again(release).status == ReleaseState.PUBLISHED


@pytest.mark.parametrize("time", range(3))
def test_publishing_while_reopening_and_withdrawing(cast: Cast, time: int) -> None:
    release = scheduled(cast)
    Embargo.objects.filter(release=release).update(instant=clock.database_now())
    job = Job.objects.get(kind="release.publish")
    Job.objects.filter(pk=job.pk).update(due_at=clock.database_now())
    together(
        lambda: jobs.run(job.pk),
        lambda: actions.reopen(actor=cast.editor, release=release, reason="Too late."),
        lambda: actions.withdraw(actor=cast.press, release=release, reason="At once."),
    )
    assert again(release).status == ReleaseState.WITHDRAWN

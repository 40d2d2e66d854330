"""From comments handed in to a published brief with real files: answered, frozen, built, signed, released."""

from __future__ import annotations

import time
from typing import Any

from bench.scene import database
from bench.stack import Stack
from brief.actions.versions import freeze
from brief.models import Brief
from brief.states import OrderDraft
from ledger import clock
from release import actions as clearance
from release.actions.launch import publish_when_due
from release.models import Embargo, GateResult, Release
from release.moments import wall
from release.states import GateState, ReleaseState
from review import actions
from review.actions.dispositions import get_disposition
from review.models import ReviewThread, Round
from review.states import Outcome
from tests.cast import Cast
from tests.factories.releases import IMPRINT, end_embargo, give_signature


def answer_and_publish(stack: Stack, cast: Cast, threads: list[Any]) -> Release:
    """The authors answer each comment, the editor confirms and closes; the workers build; all sign; T passes."""
    for pk in threads:
        row = ReviewThread.objects.select_related("round__brief", "invitation", "thread").get(pk=pk)
        if row.proposed_change:
            actions.apply_change(actor=cast.lead, thread=row)
        row = ReviewThread.objects.select_related("round__brief", "invitation", "thread").get(pk=pk)
        actions.propose(actor=cast.lead, thread=row, outcome=Outcome.NOTED, response="We took note.")
        row = ReviewThread.objects.select_related("round__brief", "invitation", "thread").get(pk=pk)
        actions.confirm(actor=cast.editor, disposition=get_disposition(row))
    actions.close_round(actor=cast.editor, round=Round.objects.select_related("brief").get(pk=cast.round.pk))
    Brief.objects.filter(pk=cast.brief.pk).update(**IMPRINT)
    brief = Brief.objects.get(pk=cast.brief.pk)
    version = freeze(actor=cast.editor, brief=brief, order_draft=OrderDraft.FINAL)
    release = clearance.build_candidate(actor=cast.editor, brief=Brief.objects.get(pk=brief.pk), version=version)
    release = _built(release)
    for gate in GateResult.objects.filter(release=release, state=GateState.BLOCKED):
        clearance.waive(actor=cast.editor, release=release, gate=gate.gate, reason="A program's brief.")
    release = _again(release)
    for person in (cast.approver, cast.partner_approver):
        give_signature(person, release)
    soon = clock.database_now().replace(second=0, microsecond=0)
    clearance.set_embargo(
        actor=cast.press, release=release, wall_time=wall(soon.replace(year=soon.year + 1), "UTC"), zone="UTC"
    )
    end_embargo(release)
    publish_when_due(Embargo.objects.select_related("release").get(release=release))
    database.settle()
    return _again(release)


def _again(release: Release) -> Release:
    return Release.objects.select_related("brief", "version").get(pk=release.pk)


def _built(release: Release, seconds: float = 60.0) -> Release:
    """As the converter leaves it. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = _again(release)
        if found.status != ReleaseState.BUILDING:
            assert found.status == ReleaseState.CLEARANCE, found.sentence
            return found
        time.sleep(0.2)
    raise TimeoutError(f"the candidate was not built within {seconds:g} s")

"""The earlier edition: frozen, built, signed by both organisations, and public."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from accounts import second_factor
from accounts.models import User
from brief.actions import begin_edition, freeze
from brief.models import Brief
from brief.states import OrderDraft
from ledger import clock, jobs
from ledger.states import JobState
from release.actions import build_candidate, save_event, set_embargo, sign
from release.actions.locks import lock_brief, lock_release
from release.models import Embargo, Release
from release.moments import WALL
from release.publishing import record_published
from release.states import GateState

#: A zone whose clocks are never put back: loading works at any hour of the year.
ZONE = "Asia/Bangkok"


def publish(brief: Brief, cast: dict[str, User], event: dict[str, str]) -> Release:
    """Take the brief's text through clearance and launch as edition 1.0, then begin the next edition."""
    version = freeze(actor=cast["editor"], brief=brief, order_draft=OrderDraft.FINAL, note="First edition")
    release: Release = build_candidate(actor=cast["editor"], brief=brief, version=version)
    _build(release)
    for name in ("approver", "partner_approver"):
        code = second_factor.current_code(cast[name])
        sign(actor=cast[name], release=release, manifest_sha256=release.manifest_sha256, code=code)
    _launch(release, cast["press"], event)
    begin_edition(actor=cast["lead"], brief=Brief.objects.get(pk=brief.pk))
    brief.refresh_from_db()
    return release


def _build(release: Release) -> None:
    """What the worker does, at once."""
    job = release.job
    assert job is not None
    jobs.run(job.pk)
    job.refresh_from_db()
    release.refresh_from_db()
    blocked = [f"{gate.gate}: {gate.detail}" for gate in release.gates.filter(state=GateState.BLOCKED)]
    if job.state != JobState.DONE or not release.manifest_sha256 or blocked:
        raise RuntimeError(f"the example's first edition is not ready: {release.sentence or job.error or blocked}")


def _launch(release: Release, press: User, event: dict[str, str]) -> None:
    local = clock.database_now().astimezone(ZoneInfo(ZONE))
    soon, past = local + timedelta(days=1), local.replace(second=0, microsecond=0)
    times = {
        "starts_wall_time": past.strftime(WALL),
        "ends_wall_time": (past + timedelta(hours=2)).strftime(WALL),
        "zone": ZONE,
    }
    save_event(actor=press, brief=release.brief, fields={**event, **times})
    set_embargo(actor=press, release=release, wall_time=soon.replace(hour=10, minute=0).strftime(WALL), zone=ZONE)
    # Nobody may set an embargo in the past; the example needs an edition that is out. It ends in the minute of
    # loading: signatures, files and publication then tell one story.
    Embargo.objects.filter(release=release).update(
        wall_time=past.strftime(WALL), instant=past.astimezone(ZoneInfo("UTC")), fold=0
    )
    lock_brief(release.brief_id)
    record_published(lock_release(release.pk))

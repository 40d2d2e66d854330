"""A release of the filled brief, as far on its way as is wanted."""

from __future__ import annotations

import time
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import second_factor
from accounts.models import SpentFactor
from brief.models import Brief, Version
from config.filling.people import People
from ledger import clock, jobs
from ledger.states import JobState
from release.actions import build_candidate, set_embargo, sign
from release.actions.locks import lock_brief, lock_release
from release.models import Embargo, Release
from release.moments import WALL
from release.publishing import record_published
from release.states import GateState

#: A zone whose clocks are never put back.
ZONE = "Asia/Bangkok"
#: How far a release may be taken, in order.
STAGES = ("built", "signed", "embargoed", "public")
IMPRINT = {
    "isbn": "978-3-16-148410-0",
    "copyright": "© 2026 Harbour and Upland",
    "licence": "CC BY 4.0",
    "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    "disclaimer": "The views are those of the authors.",
    "contact": "briefs@filled.example",
}


def make_release(
    brief: Brief, version: Version, people: People, stage: str, *, embargo: timedelta = timedelta(days=1)
) -> Release:
    """Built from ``version`` with its real files; "embargoed" opens after ``embargo`` (full minutes)."""
    if stage not in STAGES:
        raise ValueError(f"released is one of {', '.join(STAGES)}")
    release: Release = build_candidate(actor=people.editor, brief=brief, version=version)
    release = _built(release)
    reached = STAGES.index(stage)
    if reached >= STAGES.index("signed"):
        for approver in people.approvers:
            SpentFactor.objects.filter(user=approver).delete()
            code = second_factor.current_code(approver)
            sign(actor=approver, release=release, manifest_sha256=release.manifest_sha256, code=code)
    if reached >= STAGES.index("embargoed"):
        local = (clock.database_now() + embargo).astimezone(ZoneInfo(ZONE))
        set_embargo(actor=people.press, release=release, wall_time=local.strftime(WALL), zone=ZONE)
    if stage == "public":
        publish_now(release)
    return Release.objects.select_related("brief", "version").get(pk=release.pk)


def publish_now(release: Release) -> None:
    """As if the moment had come: nobody may set an embargo in the past."""
    past = clock.database_now().astimezone(ZoneInfo(ZONE)).replace(second=0, microsecond=0)
    Embargo.objects.filter(release=release).update(
        wall_time=past.strftime(WALL), instant=past.astimezone(ZoneInfo("UTC")), fold=0
    )
    with transaction.atomic():
        lock_brief(release.brief_id)
        record_published(lock_release(release.pk))


def _built(release: Release, seconds: float = 180.0) -> Release:
    """Do the job here, unless a worker has it already; wait for who has it."""
    job = release.job
    assert job is not None
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        jobs.run(job.pk)
        job.refresh_from_db()
        if job.state != JobState.DUE:
            break
        time.sleep(0.1)
    release.refresh_from_db()
    blocked = [f"{gate.gate}: {gate.detail}" for gate in release.gates.filter(state=GateState.BLOCKED)]
    if not release.manifest_sha256 or blocked:
        raise RuntimeError(f"the candidate is not ready: {release.sentence or job.error or blocked}")
    return release

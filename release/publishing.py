"""The record follows the clock: what the machine does once an embargo has ended."""

from __future__ import annotations

import uuid

from brief.states import BRIEF, BriefState
from ledger import clock, jobs
from ledger.transitions import move
from release import emails, visibility
from release.models import Passage, Release
from release.states import RELEASE, ReleaseState


def record_published(release: Release) -> bool:
    """Write down that a scheduled release is public; False when it is not. The row is locked by the caller."""
    if release.status != ReleaseState.SCHEDULED or not visibility.is_public(release):
        return False
    move(
        RELEASE,
        release,
        "publish",
        actor=None,
        scope=release.brief_id,
        set_fields={"published_at": clock.database_now()},
        manifest_sha256=release.manifest_sha256,
    )
    if release.brief.status == BriefState.CLEARANCE:
        move(BRIEF, release.brief, "publish", actor=None, scope=release.brief_id)
    rebuild_public_root()
    renew_search()
    emails.published(release)
    return True


def rebuild_public_root() -> None:
    """Ask for a new generation of the public files, in this transaction."""
    jobs.enqueue("release.public_root", key=f"public-root:{uuid.uuid4()}", max_attempts=8)


def renew_search() -> None:
    """Ask for what is found to be what is public, in this transaction."""
    jobs.enqueue("release.search", key=f"search:{uuid.uuid4()}", max_attempts=8)


def forget(release: Release) -> None:
    """No word of it is found any more; in the transaction that withdraws it."""
    Passage.objects.filter(release=release).delete()
    renew_search()

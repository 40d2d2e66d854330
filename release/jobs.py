"""What runs after the commit: building candidates, following the embargo, writing the public root."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from brief.states import BRIEF, BriefState
from document.sandbox import Killed, SandboxError
from ledger.jobs import Running
from ledger.transitions import move
from release import candidate, emails, public_root, publishing
from release.actions.locks import lock_brief, lock_building, lock_release
from release.models import Release
from release.search import index
from release.states import RELEASE, ReleaseState

log = logging.getLogger(__name__)


def build_candidate(running: Running) -> dict[str, Any]:
    """Build once; a second run finds it done. What cannot be built says so and opens the brief again."""
    release = lock_building(running.payload["release"])
    if release.status != ReleaseState.BUILDING:
        return {"state": release.status}
    try:
        with transaction.atomic():
            release = candidate.build(release, running.progress)
    except DatabaseError:
        raise  # the database's trouble is nobody's text: the job is tried again
    except Exception as error:
        by_the_text = isinstance(error, SandboxError) and not isinstance(error, Killed)
        if running.job.attempts < running.job.max_attempts and not by_the_text:
            raise
        log.exception("candidate not built", extra={"kind": "release.candidate", "error": type(error).__name__})
        release = fail(release, _sentence(error))
    return {"state": release.status, "manifest": release.manifest_sha256}


def fail(release: Release, sentence: str) -> Release:
    """Note that it could not be built, and open the brief so that its text can be mended."""
    failed = move(
        RELEASE,
        release,
        "fail",
        actor=None,
        scope=release.brief_id,
        reason=sentence,
        set_fields={"sentence": sentence},
    )
    brief = lock_brief(release.brief_id)
    if brief.status == BriefState.CLEARANCE:
        move(BRIEF, brief, "reopen", actor=None, scope=brief.pk, reason=sentence)
    emails.failed(failed)
    return failed


def _sentence(error: Exception) -> str:
    if isinstance(error, SandboxError):
        return f"{_(error.sentence)} {error.detail[:300]}".strip()
    return _("The files could not be made. The administrators can see why.")


def publish(running: Running) -> dict[str, Any]:
    """Let the record follow an embargo that has ended. Readers did not wait for this."""
    brief = Release.objects.values_list("brief", flat=True).get(pk=running.payload["release"])
    lock_brief(brief)  # first, as reopening does: they never wait for one another
    release = lock_release(running.payload["release"])
    return {"published": publishing.record_published(release)}


def write_public_root(running: Running) -> dict[str, Any]:
    """Write a new generation of the public files and swap it in."""
    return {"generation": public_root.write()}


def renew_search(running: Running) -> dict[str, Any]:
    """Make what is found what is public."""
    return {"briefs": index.catch_up()}

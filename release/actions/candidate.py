"""Building a candidate: the brief closes, the worker builds."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from brief.models import Brief, Version
from brief.states import BRIEF
from ledger import jobs
from ledger.actions import Done, action
from ledger.refusals import NotNow
from ledger.transitions import move
from release import permissions, policies
from release.actions.locks import lock_brief, lock_sections
from release.models import Release
from release.states import ReleaseState

_EDITION = re.compile(r"[1-9]\d{0,2}\.\d{1,2}")


def next_edition(brief: Brief) -> str:
    """One more than the last that became public: 1.0, 2.0 …"""
    used = Release.objects.filter(brief=brief).exclude(status__in=[ReleaseState.FAILED, ReleaseState.VOID])
    numbers = [int(edition.partition(".")[0]) for edition in used.values_list("edition", flat=True)]
    return f"{max(numbers, default=0) + 1}.0"


@action("release.candidate")
def build_candidate(*, actor: Any, brief: Brief, version: Version, edition: str = "") -> Done:
    """Close the brief to edits and have everything built from one frozen version."""
    locked = lock_brief(brief.pk)
    permissions.build(actor, locked)
    policies.check_may_build(locked, version)
    edition = edition.strip() or next_edition(locked)
    _check_edition(locked, edition)
    release = Release.objects.create(
        brief=locked, version=version, edition=edition, content_hash=version.content_hash, created_by=actor
    )
    lock_sections(locked)
    move(BRIEF, locked, "close", actor=actor, scope=locked.pk)
    release.job = jobs.enqueue(
        "release.candidate",
        key=f"candidate:{release.pk}",
        payload={"release": str(release.pk)},
        queue="convert",
        scope=locked.pk,
        max_attempts=3,
    )
    release.save(update_fields=["job"])
    return Done(
        subject=release, scope=locked.pk, data={"version": version.number, "content_hash": version.content_hash}
    )


def _check_edition(brief: Brief, edition: str) -> None:
    if not _EDITION.fullmatch(edition):
        raise NotNow(_("An edition is written like 1.0 or 2.1."), code="edition")
    used = Release.objects.filter(brief=brief, edition=edition)
    if used.exclude(status__in=[ReleaseState.FAILED, ReleaseState.VOID]).exists():
        raise NotNow(_("There is an edition %(edition)s already.") % {"edition": edition}, code="edition")

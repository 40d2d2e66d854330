"""The row that every action on a release takes first, so that none of them can overtake another."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from brief.models import Brief, Section
from ledger.refusals import NotNow
from ledger.states import JobState
from release.models import Release, SignOff
from release.states import Decision, ReleaseState


def lock_release(identifier: UUID) -> Release:
    """The release as it is now, held until the transaction ends."""
    _refuse_while_building(identifier)
    return Release.objects.select_for_update(of=("self",)).select_related("brief", "version").get(pk=identifier)


def lock_building(identifier: UUID) -> Release:
    """For the worker, which is who builds."""
    return Release.objects.select_for_update(of=("self",)).select_related("brief", "version").get(pk=identifier)


def _refuse_while_building(identifier: UUID) -> None:
    # The worker holds the row as long as it builds: nobody waits for that, with other rows in hand.
    at_it = Release.objects.filter(pk=identifier, status=ReleaseState.BUILDING, job__state=JobState.DUE)
    if at_it.exists():
        raise NotNow(_("The candidate is still being built. Wait until it is ready."), code="building")


def lock_brief(identifier: UUID) -> Brief:
    return Brief.objects.select_for_update(of=("self",)).get(pk=identifier)


def lock_sections(brief: Brief) -> None:
    """After the brief, before it closes: a step on its way arrives first, or meets the closed brief."""
    list(Section.objects.select_for_update(of=("self",)).filter(brief=brief).order_by("order", "id"))


def void_sign_offs(release: Release, *, because: str, only_signed: bool = False, **which: object) -> list[SignOff]:
    """Void what lives; returns what was voided, for those who must be told."""
    live = SignOff.objects.filter(release=release, voided_at__isnull=True, **which)
    if only_signed:
        live = live.filter(decision=Decision.SIGNED)
    voided = list(live.select_related("approver", "organisation"))
    live.update(voided_at=timezone.now(), voided_because=because)
    return voided

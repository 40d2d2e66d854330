"""Is it the time: what the state of a release allows. Every check is made on locked rows by the actions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from brief.models import Brief, Role, Version
from brief.states import BriefState, RoleName
from ledger import clock
from ledger.refusals import NotNow
from release.models import Embargo, GateResult, Release, SignOff
from release.states import OPEN, Decision, GateState, ReleaseState

#: A move or a hold that commits while readers are let in would show a release and take it back.
TOO_LATE = timedelta(seconds=2)


def check_may_build(brief: Brief, version: Version) -> None:
    """The brief is being drafted, and the version is its own."""
    if version.brief_id != brief.pk:
        raise NotNow(_("That version belongs to another brief."), code="version")
    if Release.objects.filter(brief=brief, status__in=OPEN).exists():
        raise NotNow(_("There is a candidate already. Reopen the brief to build another."), code="open")
    if brief.status != BriefState.DRAFTING:
        raise NotNow(_("This edition is published. Begin a new edition before building a candidate."), code="published")


def check_in_clearance(release: Release) -> None:
    if release.status != ReleaseState.CLEARANCE:
        raise NotNow(
            _("This release is %(state)s, so nobody can sign or waive now.") % {"state": release.get_status_display()},
            code="state",
        )


def check_same_manifest(release: Release, manifest_sha256: str) -> None:
    """What is signed is what was on the screen."""
    if not release.manifest_sha256 or manifest_sha256 != release.manifest_sha256:
        raise NotNow(
            _("The release has changed since you opened this page. Nothing was signed: look at it again."),
            code="manifest",
        )


def check_gates(release: Release) -> None:
    """Every gate is green or waived."""
    waived = set(release.waivers.values_list("gate", flat=True))
    blocked = GateResult.objects.filter(release=release, state=GateState.BLOCKED).exclude(gate__in=waived)
    if count := blocked.count():
        raise NotNow(
            _("%(count)d gates are not green. They must be cleared or waived before anyone signs.") % {"count": count},
            code="gates",
        )


def check_may_reopen(release: Release) -> None:
    """Only what is not public yet can be reopened."""
    if release.status not in OPEN:
        raise NotNow(
            _("This release is %(state)s and can no longer be reopened.") % {"state": release.get_status_display()},
            code="state",
        )
    check_not_public(release)


def check_may_set_embargo(release: Release) -> None:
    """Every organisation has signed, and the release is not out yet."""
    if release.status not in (ReleaseState.CLEARED, ReleaseState.SCHEDULED):
        raise NotNow(_("The launch can be set when every organisation has signed."), code="state")
    check_not_public(release)


def check_not_public(release: Release) -> None:
    """Neither public nor about to be within two seconds, by the database's clock.

    A release whose embargo ended while it was held is not public: nobody was let in.
    """
    # Whoever writes an embargo holds its release's row, as the actions that ask here do.
    embargo = Embargo.objects.filter(release=release).first()
    if release.status != ReleaseState.SCHEDULED or embargo is None or embargo.held_at:
        return
    if embargo.instant <= clock.database_now() + TOO_LATE:
        raise NotNow(_("The embargo is over: the release is public. It can only be withdrawn."), code="public")


def check_in_future(instant: datetime) -> None:
    if instant <= clock.database_now() + TOO_LATE:
        raise NotNow(_("That moment is past. Choose one that lies ahead."), code="past")


def check_may_hold(release: Release) -> None:
    if release.status != ReleaseState.SCHEDULED:
        raise NotNow(_("Only a scheduled launch can be held."), code="state")
    check_not_public(release)
    if Embargo.objects.filter(release=release, held_at__isnull=False).exists():
        raise NotNow(_("The launch is held already."), code="held")


def check_held(release: Release) -> None:
    if not Embargo.objects.filter(release=release, held_at__isnull=False).exists():
        raise NotNow(_("The launch is not held."), code="held")


def role_sentences(role: Role) -> list[str]:
    """Why an approver keeps the role: a signature given by it is alive on its way to the public."""
    if role.role != RoleName.APPROVER:
        return []
    signed = SignOff.objects.filter(
        approver=role.user_id,
        organisation=role.organisation_id,
        decision=Decision.SIGNED,
        voided_at__isnull=True,
        release__brief=role.brief_id,
        release__status__in=OPEN,
    )
    if not signed.exists():
        return []
    return [
        _("This approver has signed the candidate. Reopen the brief, which voids the signature, then change roles.")
    ]

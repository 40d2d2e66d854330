"""What of releases waits for a person, and the ways to it from a brief's page."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from brief.models import Brief, Role
from brief.states import RoleName
from ledger.refusals import allowed
from ledger.slots import DeskItem, Link
from release import permissions
from release.models import GateResult, Release, SignOff, Waiver
from release.states import GateState, ReleaseState


def waiting(user: Any) -> list[DeskItem]:
    """Sign-offs to make, gates to clear, launches to set: three queries whatever there is."""
    return [*_to_sign(user), *_to_clear(user), *_to_launch(user)]


def links(user: Any, brief: Brief) -> list[Link]:
    if not allowed(permissions.open_clearance, user, brief):
        return []
    return [Link(_("Clearance and launch"), reverse("release:brief", args=[brief.pk]), order=300)]


def _mine(user: Any, *roles: str) -> QuerySet[Release]:
    role = Role.objects.filter(user_id=user.pk, role__in=roles, brief=OuterRef("brief"))
    return Release.objects.filter(Exists(role)).select_related("brief")


def _to_sign(user: Any) -> list[DeskItem]:
    answered = SignOff.objects.filter(release=OuterRef("pk"), voided_at__isnull=True, approver_id=user.pk)
    releases = _mine(user, RoleName.APPROVER).filter(~Exists(answered), status=ReleaseState.CLEARANCE)
    return [_item(release, _("Sign or return"), "sign") for release in releases]


def _to_clear(user: Any) -> list[DeskItem]:
    waived = Waiver.objects.filter(release=OuterRef("release"), gate=OuterRef("gate"))
    blocked = GateResult.objects.filter(~Exists(waived), release=OuterRef("pk"), state=GateState.BLOCKED)
    releases = _mine(user, RoleName.REVIEW_EDITOR).filter(Exists(blocked), status=ReleaseState.CLEARANCE)
    return [_item(release, _("Clear the gates"), "gates") for release in releases]


def _to_launch(user: Any) -> list[DeskItem]:
    releases = _mine(user, RoleName.PRESS_OFFICER).filter(status=ReleaseState.CLEARED)
    return [_item(release, _("Set the launch"), "launch") for release in releases]


def _item(release: Release, action: str, kind: str) -> DeskItem:
    where = "release:launch" if kind == "launch" else "release:clearance"
    return DeskItem(
        title=release.brief.title,
        url=reverse(where, args=[release.pk]),
        action=action,
        detail=_("Edition %(edition)s, %(state)s")
        % {"edition": release.edition, "state": release.get_status_display()},
        kind=kind,
    )

"""Who sees which releases. What the public sees is decided here, by the database's clock alone."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from brief.models import Brief, Role
from release.models import Embargo, LaunchEvent, Release
from release.states import ReleaseState


class DatabaseClock(models.Func):
    """The database's time of day: not the transaction's, which may have begun before the embargo's end."""

    template = "clock_timestamp()"
    output_field = models.DateTimeField()


def ended_embargo(prefix: str = "") -> Q:
    """The embargo is over and nothing holds it."""
    return Q(
        **{
            f"{prefix}embargo__held_at__isnull": True,
            f"{prefix}embargo__instant__lte": DatabaseClock(),
        }
    )


def public() -> QuerySet[Release]:
    """Every edition that anyone may read at this moment, the latest first (TRUST 6)."""
    states = [ReleaseState.SCHEDULED, ReleaseState.PUBLISHED]
    rows = Release.objects.filter(ended_embargo(), status__in=states)
    return rows.select_related("brief", "embargo", "version").order_by("-embargo__instant", "-created_at")


def withdrawn() -> QuerySet[Release]:
    """What was public once and is not any more: a notice stands in its place."""
    rows = Release.objects.filter(status=ReleaseState.WITHDRAWN)
    return rows.select_related("brief", "embargo", "version").order_by("-embargo__instant", "-created_at")


def public_events() -> QuerySet[LaunchEvent]:
    """Events of public briefs, and those announced before."""
    open_now = Exists(public().filter(brief=OuterRef("brief")))
    scheduled = Release.objects.filter(brief=OuterRef("brief"), status=ReleaseState.SCHEDULED)
    shown = open_now | (Q(announced=True) & Exists(scheduled.filter(embargo__held_at__isnull=True)))
    return LaunchEvent.objects.filter(shown).select_related("brief")


def is_public(release: Release) -> bool:
    """Asked of the database now, whatever the object in hand says."""
    return public().filter(pk=release.pk).exists()


def of_person(user: Any) -> QuerySet[Release]:
    """Releases of the briefs on which a person holds a role."""
    mine = Role.objects.filter(user_id=user.pk, brief=OuterRef("brief"))
    return Release.objects.filter(Exists(mine)).select_related("brief", "version")


def of_brief(brief: Brief) -> QuerySet[Release]:
    return Release.objects.filter(brief=brief).select_related("version", "embargo")


def next_instant() -> Any:
    """When the next scheduled release becomes public, or None."""
    rows = Embargo.objects.filter(release__status=ReleaseState.SCHEDULED, held_at__isnull=True)
    return rows.order_by("instant").values_list("instant", flat=True).first()

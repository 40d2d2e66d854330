"""What of the briefs waits on a person's desk."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brief.models import Brief, Section
from brief.permissions import AUTHORS
from brief.states import BriefState, SectionState
from ledger.slots import DeskItem


def waiting(user: Any) -> list[DeskItem]:
    """Sections assigned to this person that are not ready, one line a brief. Two queries."""
    writing = Q(roles__user=user, roles__role__in=AUTHORS)
    briefs = {brief.pk: brief for brief in Brief.objects.filter(writing, status=BriefState.DRAFTING).distinct()}
    counts = (
        Section.objects.filter(brief__in=briefs, assignee=user, deleted_at=None)
        .exclude(status=SectionState.READY)
        .values("brief_id")
        .annotate(number=Count("pk"))
    )
    mine = {row["brief_id"]: row["number"] for row in counts}
    return [_item(brief, mine[brief.pk]) for brief in briefs.values() if brief.pk in mine]


def _item(brief: Brief, number: int) -> DeskItem:
    return DeskItem(
        title=brief.title,
        url=reverse("brief:home", args=[brief.pk]),
        action=ngettext("Write %(number)d section", "Write %(number)d sections", number) % {"number": number},
        detail=_("Sections assigned to you that are not ready for review"),
        kind=_("Drafting"),
    )

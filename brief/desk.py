"""What of the briefs waits on a person's desk, and what happened to them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from brief.models import Brief, Mention, Section
from brief.permissions import AUTHORS
from brief.states import BriefState, SectionState
from brief.visibility import briefs_for
from ledger.models import Event
from ledger.slots import DeskItem

#: How many things that happened a desk shows.
RECENT = 12
#: What everybody on a brief may know happened; nothing here names a section or a comment.
HAPPENED = {
    "brief.created": _("The brief was begun"),
    "brief.edited": _("Title, window or imprint changed"),
    "edition.begun": _("A new edition was begun"),
    "import.confirmed": _("A draft was imported"),
    "objective.added": _("An objective was added"),
    "role.given": _("Somebody got a part"),
    "section.added": _("A section was added"),
    "section.removed": _("A section was removed"),
    "source.added": _("A source was added"),
    "sources.added": _("Sources were added"),
    "version.frozen": _("A version was frozen"),
}


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


def mentioned(user: Any) -> list[DeskItem]:
    """Threads in which this person is asked for and has not answered, one line a brief. Two queries."""
    writing = Q(roles__user=user, roles__role__in=AUTHORS)
    briefs = {brief.pk: brief for brief in Brief.objects.filter(writing).distinct()}
    waits = Mention.objects.filter(user=user, seen_at=None, comment__withdrawn_at=None)
    counts = (
        waits.filter(comment__thread__brief__in=briefs)
        .order_by()
        .values("comment__thread__brief_id")
        .annotate(number=Count("comment__thread", distinct=True))
    )
    return [_mention(briefs[row["comment__thread__brief_id"]], row["number"]) for row in counts]


def _mention(brief: Brief, number: int) -> DeskItem:
    return DeskItem(
        title=brief.title,
        url=reverse("brief:talk", args=[brief.pk]) + "?show=waiting",
        action=ngettext("Read one comment", "Read %(number)d comments", number) % {"number": number},
        detail=_("Your fellow authors mention you"),
        kind=_("Talk among authors"),
    )


def _item(brief: Brief, number: int) -> DeskItem:
    return DeskItem(
        title=brief.title,
        url=reverse("brief:home", args=[brief.pk]),
        action=ngettext("Write %(number)d section", "Write %(number)d sections", number) % {"number": number},
        detail=_("Sections assigned to you that are not ready for review"),
        kind=_("Drafting"),
    )


def happened(user: Any) -> list[DeskItem]:
    """The latest that others did on this person's briefs, one line for a run of the same. Two queries."""
    briefs = {brief.pk: brief for brief in briefs_for(user)}
    rows = Event.objects.filter(scope__in=briefs, verb__in=HAPPENED).exclude(actor=user).select_related("actor")
    items: list[DeskItem] = []
    before: tuple[Any, ...] = ()
    for event in rows[: RECENT * 5]:
        same = (event.verb, event.scope, event.actor_id)
        if same == before or event.scope is None:
            continue
        before = same
        items.append(_happened(briefs[event.scope], event, str(getattr(user, "zone", "") or "UTC")))
    return items[:RECENT]


def _happened(brief: Brief, event: Event, zone: str) -> DeskItem:
    try:
        here = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        here = ZoneInfo("UTC")
    moment = f"{date_format(event.at.astimezone(here), 'j F, H:i')} {here.key.rpartition('/')[2].replace('_', ' ')}"
    by = f"{event.actor}, {moment}" if event.actor else moment
    return DeskItem(
        title=HAPPENED[event.verb], url=reverse("brief:home", args=[brief.pk]), detail=f"{brief.title} · {by}"
    )

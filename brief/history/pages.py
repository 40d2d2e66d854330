"""The timeline as pages show it: sittings, milestones and what else was done, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from brief.history import sittings, standings
from brief.history.sittings import Sitting
from brief.models import Brief, NamedPoint, Section, Step, Version
from ledger.models import Event
from ledger.slots import Link

#: Acts on a section that its timeline tells; the texts of others are its steps.
ACTS = {
    "section.added": gettext_lazy("added the section"),
    "section.edited": gettext_lazy("changed the section's title, assignee, target or notice"),
    "section.moved": gettext_lazy("moved the section"),
    "section.removed": gettext_lazy("removed the section"),
    "section.restored": gettext_lazy("brought the section back into the outline"),
    "section.status": gettext_lazy("changed the section's status"),
    "suggestions.taken_back": gettext_lazy("decided about suggestions and took that back"),
    "section.brought_back": gettext_lazy("brought back the text of an earlier moment"),
    "section.paragraph_brought_back": gettext_lazy("brought back a paragraph of an earlier moment"),
}
MOST_ACTS = 60


@dataclass(frozen=True)
class Row:
    """One entry. ``kind``: sitting, version, point or act; ``who`` is empty for nobody known."""

    kind: str
    at: datetime
    title: str
    who: str = ""
    began: datetime | None = None
    detail: str = ""
    section: str = ""
    links: list[Link] = field(default_factory=list)
    #: Of a named point, by which it can be removed.
    point: int = 0


def compare_url(brief: UUID, **asked: Any) -> str:
    """The address of a comparison: ``old`` and ``new``, of a ``section`` or of the brief."""
    given = {"section": asked.get("section"), "from": asked.get("old"), "to": asked.get("new")}
    query = urlencode({name: value for name, value in given.items() if value is not None})
    return f"{reverse('brief:compare', args=[brief])}?{query}"


def of_section(section: Section, *, before: int | None = None) -> tuple[list[Row], int | None]:
    """One page of a section's timeline, and where the next begins."""
    found, further = sittings.of_section(section, before=before)
    rows = [_sitting(each, section) for each in found]
    oldest = min((row.at for row in rows), default=None) if further else None
    others = [*_versions(section.brief, section), *_points(section.brief, section), *_acts(section.brief, [section])]
    newest = max((row.at for row in rows), default=None) if before is not None else None
    rows += [row for row in others if (oldest is None or row.at >= oldest) and (newest is None or row.at <= newest)]
    return _ordered(rows), further


def of_brief(brief: Brief) -> list[Row]:
    """What happened of late to the brief's texts."""
    every = {row.pk: row for row in Section.every.filter(brief=brief).defer("snapshot")}
    for row in every.values():
        row.brief = brief
    rows = [_sitting(each, every[each.section], named=True) for each in sittings.of_brief(every.values())]
    return _ordered([*rows, *_versions(brief), *_points(brief), *_acts(brief, every.values(), named=True)])


def _ordered(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _sitting(sitting: Sitting, section: Section, *, named: bool = False) -> Row:
    changed = ngettext("%(number)d change", "%(number)d changes", sitting.steps) % {"number": sitting.steps}
    if not sitting.alone:
        changed = _("%(changes)s; others wrote meanwhile") % {"changes": changed}
    links = [
        Link(
            _("What changed"),
            compare_url(section.brief_id, section=section.pk, old=sitting.first - 1, new=sitting.last),
        ),
        Link(_("The text then"), reverse("brief:moment", args=[section.brief_id, section.pk, sitting.last])),
    ]
    return Row(
        "sitting",
        sitting.ended,
        changed,
        who=str(sitting.author) if sitting.author else "",
        began=sitting.began,
        section=section.title if named else "",
        links=links,
    )


def _versions(brief: Brief, section: Section | None = None) -> list[Row]:
    rows = Version.objects.filter(brief=brief).select_related("created_by")
    if section is not None:
        rows = rows.filter(sections__section=section)
    return [
        Row(
            "version",
            row.at,
            standings.version_label(row),
            who=str(row.created_by) if row.created_by else "",
            detail=row.note,
            links=[
                Link(_("Read"), reverse("brief:version", args=[brief.pk, row.number])),
                Link(_("Changes since"), compare_url(brief.pk, old=f"v{row.number}", new=standings.NOW)),
            ],
        )
        for row in rows
    ]


def _points(brief: Brief, section: Section | None = None) -> list[Row]:
    rows: Iterable[NamedPoint] = brief.named_points.select_related("by")
    if section is not None:
        rows = [row for row in rows if any(each["id"] == str(section.pk) for each in row.sections)]
    return [
        Row(
            "point",
            row.at,
            _("“%(name)s”") % {"name": row.name},
            who=str(row.by) if row.by else "",
            links=[Link(_("Changes since"), compare_url(brief.pk, old=f"n{row.pk}", new=standings.NOW))],
            point=row.pk,
        )
        for row in rows
    ]


def _acts(brief: Brief, sections: Iterable[Section], *, named: bool = False) -> list[Row]:
    titles = {str(section.pk): section.title for section in sections}
    events = Event.objects.filter(
        scope=brief.pk, subject_type="brief.section", subject_id__in=titles, verb__in=ACTS
    ).select_related("actor")[:MOST_ACTS]
    return [
        Row(
            "act",
            event.at,
            str(ACTS[event.verb]),
            who=str(event.actor) if event.actor else "",
            section=titles[event.subject_id] if named else "",
            links=_undo(brief, event),
        )
        for event in events
    ]


def _undo(brief: Brief, event: Event) -> list[Link]:
    """What was brought back can be looked at, and taken back from there."""
    if "before" not in event.data:
        return []
    asked = {"section": event.subject_id, "old": event.data["before"], "new": event.data["after"]}
    return [
        Link(_("What changed"), compare_url(brief.pk, **asked)),
        Link(_("The text before"), reverse("brief:moment", args=[brief.pk, event.subject_id, event.data["before"]])),
    ]


def time_of(section: Section, step: int) -> datetime | None:
    """When the section had just got to that step; None for its beginning, and for steps that were not kept."""
    return Step.objects.filter(section=section, version=step).values_list("at", flat=True).first() if step else None

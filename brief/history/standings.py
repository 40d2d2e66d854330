"""How a whole brief stood: in a frozen version, at a named point, today; or one section after some of its steps.

An address names it: ``v3`` a version, ``n12`` a named point, ``now`` today's draft.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from brief import publications
from brief.history import moments
from brief.models import Brief, Figure, NamedPoint, Section, Source, Version
from brief.permissions import read_draft, read_versions
from brief.visibility import point_of, version_of
from document import csl
from document.publication import Publication, SectionText
from ledger.refusals import allowed

NOW = "now"
_REFERENCE = re.compile(r"(v|n)(\d{1,9})")


@dataclass(frozen=True)
class Standing:
    """One side of a comparison."""

    ref: str
    label: str
    at: datetime | None
    publication: Publication


@dataclass(frozen=True)
class Choice:
    """Something that can be compared, for a list of them."""

    ref: str
    label: str
    at: datetime | None = None
    number: int = 0


def choices(user: Any, brief: Brief) -> list[Choice]:
    """What this person may compare, the newest first: today's draft and named points are the inner circle's."""
    versions = Version.objects.filter(brief=brief).only("number", "order_draft", "name", "at")
    found = [Choice(f"v{row.number}", version_label(row), row.at, row.number) for row in versions]
    if not allowed(read_draft, user, brief):
        return found
    points = [Choice(f"n{row.pk}", _named(row), row.at) for row in brief.named_points.defer("sections")]
    dated = sorted([*found, *points], key=lambda each: each.at.timestamp() if each.at else 0, reverse=True)
    return [Choice(NOW, _("Today's draft")), *dated]


def version_label(version: Version) -> str:
    """“Version 3, first-order draft”, with its name when it has one."""
    label = _("Version %(number)d, %(draft)s") % {
        "number": version.number,
        "draft": version.get_order_draft_display(),
    }
    return f"{label}: {version.name}" if version.name else label


def _named(point: NamedPoint) -> str:
    return _("“%(name)s”") % {"name": point.name}


def standing(user: Any, brief: Brief, ref: str) -> Standing:
    """How the brief stood. Raises a Refusal for who may not know it, Http404 for what there never was."""
    if ref == NOW:
        read_draft(user, brief)
        return Standing(NOW, _("Today's draft"), None, publications.of_today(brief))
    found = _REFERENCE.fullmatch(ref)
    if found is None:
        raise Http404
    if found[1] == "v":
        read_versions(user, brief)
        version = version_of(brief, int(found[2]))
        return Standing(ref, version_label(version), version.at, publications.of_version(version))
    read_draft(user, brief)
    point = point_of(brief, int(found[2]))
    return Standing(ref, _named(point), point.at, of_point(brief, point))


def of_point(brief: Brief, point: NamedPoint) -> Publication:
    """The sections that the point names, with the texts that they had."""
    told: list[dict[str, Any]] = point.sections
    rows = {row.pk: row for row in Section.objects.filter(pk__in=[each["id"] for each in told]).defer("snapshot")}
    kept = [each for each in told if UUID(each["id"]) in rows]
    found = moments.texts_at({rows[UUID(each["id"])]: each["version"] for each in kept})
    sections = [
        SectionText(
            id=each["id"],
            title=each["title"],
            doc=json.loads(found[UUID(each["id"])]),
            content_notice=each["notice"],
            language=each["language"] or brief.language,
            depth=each["depth"],
        )
        for each in kept
    ]
    return _publication(brief, point.title, sections)


def of_section(section: Section, version: int) -> Publication:
    """A single section after so many of its steps, under today's title."""
    text = moments.text_at(section, version)
    return _publication(section.brief, section.brief.title, [replace(_section(section, text, section.brief), depth=0)])


def _section(row: Section, text: str, brief: Brief) -> SectionText:
    return SectionText(
        id=str(row.pk),
        title=row.title,
        doc=json.loads(text),
        content_notice=row.content_notice,
        language=row.language or brief.language,
        depth=row.depth,
    )


def _publication(brief: Brief, title: str, sections: list[SectionText]) -> Publication:
    """With all sources and figures of the brief: what a text of the past cites may be cited no more."""
    figures = {str(pk) for pk in Figure.objects.filter(brief=brief).values_list("pk", flat=True)}
    return Publication(
        title=title,
        subtitle=brief.subtitle,
        summary=brief.summary,
        language=brief.language,
        organisations=tuple(row.organisation.name for row in brief.publishers.select_related("organisation")),
        sections=tuple(sections),
        sources={key: csl.outward(item) for key, item in Source.objects.filter(brief=brief).values_list("key", "csl")},
        figures=publications.figure_files(brief, figures) if figures else {},
        style=brief.citation_style,
        imprint=publications.imprint(brief),
        slug=brief.slug,
    )

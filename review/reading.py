"""A frozen section written out for one reader: highlights and links are theirs, the rest is shared.

What is derived from a version (numbers, citations, levels) is kept per process: a version never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from brief import publications
from brief.labels import labels
from brief.models import Version
from document.assembly import Assembly, assemble
from document.html import Context, Highlight, Markup, ParagraphLink, render_bibliography, render_section
from document.publication import SectionText
from ledger.refusals import Hidden
from review.models import ReviewThread, Round


@lru_cache(maxsize=6)
def assembly_of(version_id: UUID) -> Assembly:
    """The version with all that is derived from it."""
    version = Version.objects.select_related("brief", "apparatus").get(pk=version_id)
    publication = publications.of_version(version)
    return assemble(publication, labels(publication.language))


def text_of(round: Round, section_id: UUID) -> SectionText:
    """The section as frozen; Hidden when this version does not hold it."""
    wanted = str(section_id)
    for section in assembly_of(round.version_id).publication.sections:
        if section.id == wanted:
            return section
    raise Hidden(_("There is no such section in this version."))


def sections(round: Round) -> tuple[SectionText, ...]:
    return assembly_of(round.version_id).publication.sections


#: More marks than this in one section show a reader nothing.
MOST_MARKS = 200


def highlights(rows: QuerySet[ReviewThread], current: str = "") -> list[Highlight]:
    """Where comments hang, without their words: one query, however many. ``current`` is the open one's id.

    The first ``MOST_MARKS`` in reading order, and always the one that is open.
    """
    held = rows.filter(withdrawn_at=None).exclude(thread__anchor__block="")
    places = held.order_by("paragraph", "thread__anchor__start", "pk").values_list(
        "pk", "invitation__code", "number", "thread__anchor__block", "thread__anchor__start", "thread__anchor__end"
    )
    marks = [
        Highlight(block, start, end, str(pk), f"{code}-{number}" if number else "", current=str(pk) == current)
        for pk, code, number, block, start, end in places
        if block
    ]
    return marks[:MOST_MARKS] + [mark for mark in marks[MOST_MARKS:] if mark.current]


def render(round: Round, section_id: UUID, marks: Sequence[Highlight] = (), *, comments: bool = True) -> Markup:
    """HTML of one section, with what ``marks`` names marked in it; ``comments`` adds the links to comment."""
    return render_section(text_of(round, section_id), _context(round, section_id, marks, comments))


def bibliography(round: Round) -> Markup:
    return render_bibliography(_context(round, None, (), False))


def _context(round: Round, section_id: UUID | None, marks: Sequence[Highlight], comments: bool) -> Context:
    here = reverse("review:section", args=[round.pk, section_id]) if section_id else ""

    def page_url(section: str) -> str:
        return "" if section == str(section_id) else reverse("review:section", args=[round.pk, section])

    def link(block: str, number: int) -> ParagraphLink:
        query = urlencode({"section": section_id, "block": block})
        name = _("Comment on paragraph %(number)d") % {"number": number}
        return ParagraphLink(reverse("review:new_comment", args=[round.pk]) + "?" + query, _("Comment"), name)

    return Context(
        assembly=assembly_of(round.version_id),
        notes="end",
        figure_url=lambda asset: reverse("review:figure", args=[round.pk, asset]) if asset else "",
        page_url=page_url,
        sources_url=reverse("review:room", args=[round.pk]),
        paragraph_link=link if comments else None,
        thread_url=lambda thread: f"{here}?thread={thread}#thread-{thread}",
        highlights=marks,
        nested=False,
    )


def figure_of(round: Round, asset: UUID) -> Any:
    """The file of a figure that this version holds; Hidden otherwise."""
    file = assembly_of(round.version_id).publication.figures.get(str(asset))
    if file is None:
        raise Hidden(_("There is no such figure in this version."))
    return file

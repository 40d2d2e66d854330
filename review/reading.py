"""A frozen section written out for one reader: highlights and links are theirs, the rest is shared.

What is derived from a version (numbers, citations, levels) is kept per process: a version never changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from brief import publications
from brief.labels import labels
from brief.models import Version
from document.assembly import Assembly, assemble
from document.html import Context, Highlight, Markup, ParagraphLink, render_bibliography, render_section
from document.publication import SectionText
from ledger.refusals import Hidden
from review.models import Round
from review.visibility import Seen


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


def render(round: Round, section_id: UUID, seen: Iterable[Seen], *, current: str = "", comments: bool = True) -> Markup:
    """HTML of one section, with what ``seen`` says marked in it; ``comments`` adds the links to comment."""
    return render_section(text_of(round, section_id), _context(round, section_id, seen, current, comments))


def bibliography(round: Round) -> Markup:
    return render_bibliography(_context(round, None, (), "", False))


def _context(round: Round, section_id: UUID | None, seen: Iterable[Seen], current: str, comments: bool) -> Context:
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
        highlights=[_highlight(each, current) for each in seen if each.block and not each.withdrawn],
    )


def _highlight(seen: Seen, current: str) -> Highlight:
    return Highlight(
        block=seen.block,
        start=seen.start,
        end=seen.end,
        thread=str(seen.id),
        label=seen.label if not seen.draft else "",
        current=str(seen.id) == current,
    )


def figure_of(round: Round, asset: UUID) -> Any:
    """The file of a figure that this version holds; Hidden otherwise."""
    file = assembly_of(round.version_id).publication.figures.get(str(asset))
    if file is None:
        raise Hidden(_("There is no such figure in this version."))
    return file

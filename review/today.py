"""A comment's words beside today's text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from brief import anchors, texts
from brief.models import Section
from brief.states import AnchorState
from document import tree
from document.anchors import Located, State, cut
from review.visibility import Seen

#: Text kept on either side of the words, in UTF-16 units.
AROUND = 240


@dataclass(frozen=True)
class Today:
    """Where the words are now: ``before``, ``words`` and ``after`` are today's; empty when deleted."""

    state: str
    label: str | Promise
    before: str = ""
    words: str = ""
    after: str = ""
    section_id: UUID | None = None
    section_title: str = ""
    block: str = ""


def words_today(seen: Sequence[Seen]) -> list[Today | None]:
    """For each comment, in order; None for one on the text as a whole. A fixed number of queries."""
    held = [each.anchor for each in seen if each.anchor is not None]
    if not held:
        return [None] * len(seen)
    places = anchors.today(held)
    ids = {place.section for place in places.values()}
    sections = {str(row.pk): row for row in Section.objects.filter(pk__in=ids)}
    bodies = texts.many(sections.values())
    documents: dict[str, Any] = {}
    return [_today(each, places, sections, bodies, documents) for each in seen]


def _today(
    seen: Seen,
    places: dict[UUID, Located],
    sections: dict[str, Section],
    bodies: dict[UUID, str],
    documents: dict[str, Any],
) -> Today | None:
    if seen.anchor is None:
        return None
    place = places[seen.anchor.pk]
    label = AnchorState(place.state.value).label
    section = sections.get(place.section)
    if place.state == State.DELETED or section is None or not place.block:
        title = section.title if section else ""
        return Today(place.state.value, label, section_id=section.pk if section else None, section_title=title)
    if place.section not in documents:
        documents[place.section] = json.loads(bodies[section.pk])
    node = tree.find(documents[place.section], place.block)
    before, words, after = _around(node, place) if node else ("", "", "")
    return Today(place.state.value, label, before, words, after, section.pk, section.title, place.block)


def _around(node: tree.Node, place: Located) -> tuple[str, str, str]:
    """What stands before, at and after the place; the whole block when that is what it is about."""
    if node["type"] not in tree.TEXTBLOCKS:
        return "", tree.text(node), ""
    text = tree.block_text(node)
    length = tree.utf16(text)
    start, end = (place.start, place.end) if place.start < place.end else (0, length)
    first, last = max(0, start - AROUND), min(length, end + AROUND)
    before, after = cut(text, first, start), cut(text, end, last)
    # Excerpts begin and end with whole words, where there is a space to cut at.
    if first:
        before = "… " + (before.partition(" ")[2] or before)
    if last < length:
        after = (after.rpartition(" ")[0] or after) + " …"
    return _plain(before), _plain(cut(text, start, end)), _plain(after)


def _plain(text: str) -> str:
    """Without citations and other marks, and without the space that set them apart from the word before."""
    return text.replace(f" {tree.OBJECT}", "").replace(tree.OBJECT, "")

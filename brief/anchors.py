"""Where comments stand today: mapped through the steps since they were made (DECISIONS, Anchors).

``today`` only reads, so that opening a page changes nothing; ``advance`` stores how far the
mapping came and runs with the section's snapshots. ``mapped_start`` and ``mapped_end`` are
positions in the document at ``mapped_step``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from brief import texts
from brief.models import Anchor, Section, Step
from document import anchors as places
from document.anchors import Located, State
from document.tree import Node


def today(anchors: Iterable[Anchor]) -> dict[UUID, Located]:
    """Thread id → where its words are now, with ``section`` always set. Anchors of one brief.

    Three queries whatever their number, and texts that the engine already holds cost none.
    """
    wanted = list(anchors)
    if not wanted:
        return {}
    sections = {section.pk: section for section in _siblings(wanted)}
    maps = _maps_since(wanted)
    documents = _Documents(sections)
    return {anchor.pk: _locate(anchor, maps[anchor.section_id], documents) for anchor in wanted}


def advance(section: Section) -> int:
    """Store the mapped positions of every anchor of a section; how many were advanced."""
    anchors = list(Anchor.objects.filter(section=section, mapped_step__lt=section.version))
    found = today(anchors)
    doc = texts.document(section)
    for anchor in anchors:
        located = found[anchor.pk]
        anchor.state = located.state.value
        anchor.mapped_block = located.block
        if located.state == State.DELETED or located.section != str(section.pk):
            # Keep the last span: a deletion may be undone, and then the words are looked for anew.
            continue
        start, end = (places.position(doc, located.block, at) for at in (located.start, located.end))
        if start is not None and end is not None:
            anchor.mapped_start, anchor.mapped_end, anchor.mapped_step = start, end, section.version
    Anchor.objects.bulk_update(
        anchors, ["state", "mapped_block", "mapped_start", "mapped_end", "mapped_step"], batch_size=500
    )
    return len(anchors)


def span_in(doc: Node, block: str, start: int, end: int) -> tuple[int, int]:
    """Positions of two text offsets; ``(0, 0)`` for a block as a whole or an unknown place."""
    first, last = (places.position(doc, block, at) for at in (start, end))
    return (first, last) if first is not None and last is not None and first < last else (0, 0)


class _Documents(Mapping[UUID, Node]):
    """The brief's documents by section, parsed when first asked for."""

    def __init__(self, sections: dict[UUID, Section]) -> None:
        self._sections = sections
        self._parsed: dict[UUID, Node] = {}

    def __getitem__(self, key: UUID) -> Node:
        if key not in self._parsed:
            section = self._sections[key]
            self._parsed[key] = texts.document(section)
        return self._parsed[key]

    def __iter__(self) -> Any:
        return iter(self._sections)

    def __len__(self) -> int:
        return len(self._sections)

    def others(self, own: UUID) -> dict[str, Node]:
        return {str(key): self[key] for key in self._sections if key != own}


def _siblings(anchors: list[Anchor]) -> list[Section]:
    """Every living section of the anchors' brief, and the anchors' own even when removed."""
    own = {anchor.section_id for anchor in anchors}
    brief = Section.objects.filter(pk__in=own).values("brief_id")
    rows = list(Section.objects.filter(brief_id__in=brief))
    kept = [row for row in rows if row.deleted_at is None or row.pk in own]
    texts.many(kept)
    return kept


def _maps_since(anchors: list[Anchor]) -> dict[UUID, list[tuple[int, list[int]]]]:
    oldest: dict[UUID, int] = {}
    for anchor in anchors:
        oldest[anchor.section_id] = min(anchor.mapped_step, oldest.get(anchor.section_id, anchor.mapped_step))
    found: dict[UUID, list[tuple[int, list[int]]]] = defaultdict(list)
    rows = Step.objects.filter(section__in=oldest, version__gt=min(oldest.values(), default=0))
    for section_id, version, maps in rows.order_by("version").values_list("section_id", "version", "maps"):
        if version > oldest[section_id]:
            found[section_id].append((version, json.loads(maps)))
    return found


def _locate(anchor: Anchor, maps: list[tuple[int, list[int]]], documents: _Documents) -> Located:
    wanted = places.Anchor(anchor.block, anchor.start, anchor.end, anchor.quotation, anchor.prefix, anchor.suffix)
    doc = documents[anchor.section_id]
    span = (anchor.mapped_start, anchor.mapped_end) if anchor.mapped_end else None
    since = [ranges for version, ranges in maps if version > anchor.mapped_step]
    found = places.locate(wanted, doc, since if span else None, span=span)
    if found.state == State.DELETED:
        found = places.locate(wanted, doc, others=documents.others(anchor.section_id))
    section = found.section or str(anchor.section_id)
    return Located(found.state, found.block, found.start, found.end, section)

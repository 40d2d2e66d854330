"""Where comments stand today: mapped through the steps since they were made (DECISIONS, Anchors).

``today`` only reads, so that opening a page changes nothing; ``advance`` stores how far the
mapping came and runs with the section's snapshots. ``mapped_start`` and ``mapped_end`` are
positions in the document at ``mapped_step``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from brief import texts
from brief.models import Anchor, Section, Step
from document import anchors as places
from document.anchors import Located, State
from document.places import Places
from document.tree import Node


def today(anchors: Iterable[Anchor]) -> dict[UUID, Located]:
    """Thread id → where its words are now, with ``section`` always set. Anchors of one brief.

    Two queries whatever their number, one more when words are gone from their section; texts that
    the engine already holds cost none.
    """
    wanted = list(anchors)
    if not wanted:
        return {}
    own = {anchor.section_id for anchor in wanted}
    return standing(wanted, _Documents(list(Section.every.filter(pk__in=own))))


def in_section(section: Section, anchors: Iterable[Anchor]) -> dict[UUID, Located]:
    """``today`` for anchors of one section whose row is in hand: one query."""
    wanted = list(anchors)
    return standing(wanted, _Documents([section])) if wanted else {}


def standing(anchors: list[Anchor], documents: _Documents) -> dict[UUID, Located]:
    maps = _maps_since(anchors, documents)
    return {anchor.pk: _locate(anchor, maps[anchor.section_id], documents) for anchor in anchors}


def advance(section: Section) -> int:
    """Store the mapped positions of every anchor of a section; how many were advanced.

    Nothing is locked: with thousands of comments this takes a while, in which people go on writing.
    """
    anchors = list(Anchor.objects.filter(section=section, mapped_step__lt=section.version))
    if not anchors:
        return 0
    documents = _Documents([section])
    found = standing(anchors, documents)
    doc = documents[section.pk]
    _store(section.version, [_advanced(anchor, found[anchor.pk], section, doc) for anchor in anchors])
    return len(anchors)


def _advanced(anchor: Anchor, located: Located, section: Section, doc: Places) -> tuple[Any, ...]:
    """(thread, state, block, start, end, step) as they are to be stored."""
    # Lost once, words are never followed again but looked for anew: a deletion that is undone maps to
    # nothing too. So the steps so far need not be read again for them.
    kept = (0, 0)
    if located.state != State.DELETED and located.section == str(section.pk):
        start, end = (places.position(doc, located.block, at) for at in (located.start, located.end))
        if start is not None and end is not None:
            kept = (start, end)
    return (anchor.pk, located.state.value, located.block, *kept, section.version)


def _store(version: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """One statement for all; an anchor that somebody brought further meanwhile stays there."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE brief_anchor SET state = new.state, mapped_block = new.block,
                mapped_start = new.first, mapped_end = new.last, mapped_step = new.step
            FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::int[], %s::int[], %s::int[])
                AS new(thread, state, block, first, last, step)
            WHERE brief_anchor.thread_id = new.thread AND brief_anchor.mapped_step < %s
            """,
            [*columns, version],
        )


def span_in(doc: Node, block: str, start: int, end: int) -> tuple[int, int]:
    """Positions of two text offsets; ``(0, 0)`` for a block as a whole or an unknown place."""
    found = Places.of(doc)
    first, last = (places.position(found, block, at) for at in (start, end))
    return (first, last) if first is not None and last is not None and first < last else (0, 0)


class _Documents:
    """Documents by section, read when first asked for; the brief's others only when words are gone."""

    def __init__(self, sections: list[Section]) -> None:
        self._sections = {section.pk: section for section in sections}
        self._read: dict[UUID, Places] = {}
        self._complete = False

    def __getitem__(self, key: UUID) -> Places:
        if key not in self._read:
            self._read[key] = texts.places(self._sections[key])
        return self._read[key]

    def version(self, key: UUID) -> int:
        return self._sections[key].version

    def others(self, own: UUID) -> dict[str, Places]:
        """The brief's other living sections: one query and one look at what the engine holds, once."""
        if not self._complete:
            brief = self._sections[own].brief_id
            rows = list(Section.objects.filter(brief=brief, deleted_at=None).exclude(pk__in=self._sections))
            texts.many(rows)
            self._sections |= {row.pk: row for row in rows}
            self._complete = True
        living = (key for key, section in self._sections.items() if section.deleted_at is None)
        return {str(key): self[key] for key in living if key != own}


def _maps_since(anchors: list[Anchor], documents: _Documents) -> dict[UUID, list[tuple[int, list[int]]]]:
    oldest: dict[UUID, int] = {}
    for anchor in anchors:
        oldest[anchor.section_id] = min(anchor.mapped_step, oldest.get(anchor.section_id, anchor.mapped_step))
    found: dict[UUID, list[tuple[int, list[int]]]] = defaultdict(list)
    oldest = {key: step for key, step in oldest.items() if step < documents.version(key)}
    if not oldest:
        return found
    rows = Step.objects.filter(section__in=oldest, version__gt=min(oldest.values()))
    for section_id, version, maps in rows.order_by("version").values_list("section_id", "version", "maps"):
        # A step that was committed since the section's row was read belongs to a later text.
        if oldest[section_id] < version <= documents.version(section_id):
            found[section_id].append((version, json.loads(maps)))
    return found


def _locate(anchor: Anchor, maps: list[tuple[int, list[int]]], documents: _Documents) -> Located:
    own = str(anchor.section_id)
    if not anchor.block:
        # About the section as a whole: it stands as long as the section does.
        return Located(State.EXACT, section=own)
    wanted = places.Anchor(anchor.block, anchor.start, anchor.end, anchor.quotation, anchor.prefix, anchor.suffix)
    doc = documents[anchor.section_id]
    span = (anchor.mapped_start, anchor.mapped_end) if anchor.mapped_end else None
    since = [ranges for version, ranges in maps if version > anchor.mapped_step]
    found = places.locate(wanted, doc, since if span else None, span=span)
    if found.state == State.DELETED:
        found = places.locate(wanted, doc, others=documents.others(anchor.section_id))
    return Located(found.state, found.block, found.start, found.end, found.section or own)

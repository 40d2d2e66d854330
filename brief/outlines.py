"""What a section's text counts and offers to cross-references, read once for each of its versions.

A page about one section needs the numbers before it and the labels of every other one. The text of a
version never changes, so what was read of it is kept in the process.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from brief import texts
from brief.models import Section
from document import numbering, tree
from document.characters import shorten

#: An outline of 5,000 words takes some 50 kB.
MOST = 256


@dataclass(frozen=True)
class Target:
    """A block that can be pointed at. ``number`` counts within its section, from 1; headings have none."""

    id: str
    kind: str
    #: ``paragraph``, one of ``numbering.SERIES``, or empty for a heading.
    series: str
    number: int
    #: What one recognises it by; of a heading its own words.
    words: str


@dataclass(frozen=True)
class Outline:
    """One section's counts, and its targets in reading order."""

    paragraphs: int
    footnotes: int
    series: dict[str, int]
    targets: tuple[Target, ...]


_kept: OrderedDict[tuple[UUID, int], Outline] = OrderedDict()
_lock = Lock()


def of(sections: Sequence[Section]) -> list[Outline]:
    """The outline of each section, whose rows need not carry their texts. One query for all that are not kept."""
    missing = [section.pk for section in sections if _find(section) is None]
    fresh = {row.pk: row for row in Section.every.filter(pk__in=missing)} if missing else {}
    read = texts.many(fresh.values())
    made = {pk: _keep(row, read[pk]) for pk, row in fresh.items()}
    # One that was removed altogether between the two queries counts nothing.
    return [made.get(section.pk) or _find(section) or NOTHING for section in sections]


NOTHING = Outline(0, 0, {}, ())


def _find(section: Section) -> Outline | None:
    key = (section.pk, section.version)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _keep(section: Section, text: str) -> Outline:
    outline = _read(str(section.pk), json.loads(text))
    with _lock:
        _kept[section.pk, section.version] = outline
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return outline


def _read(identifier: str, doc: tree.Node) -> Outline:
    numbered = numbering.number([(identifier, "", doc)])
    counts: dict[str, int] = {}
    for series, _number in numbered.series.values():
        counts[series] = counts.get(series, 0) + 1
    found = (_target(node, numbered) for node in tree.blocks(doc))
    targets = tuple(target for target in found if target is not None)
    return Outline(len(numbered.paragraphs), len(numbered.footnotes), counts, targets)


def _target(node: tree.Node, numbered: numbering.Numbering) -> Target | None:
    identifier, kind = tree.block_id(node), node["type"]
    if kind == "heading":
        words = tree.text(node).strip()
        return Target(identifier, kind, "", 0, words) if words else None
    if identifier in numbered.series:
        return Target(identifier, kind, *numbered.series[identifier], _words(node))
    if identifier in numbered.paragraphs:
        return Target(identifier, kind, "paragraph", numbered.paragraphs[identifier], _words(node))
    return None


def _words(node: tree.Node) -> str:
    return shorten(str(tree.attr(node, "caption") or tree.attr(node, "title") or tree.text(node)))

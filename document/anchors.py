"""Where a comment's words are today.

An anchor names a block, text offsets in it and the words quoted. Every edit since is known as a
position map, so the words are followed through the edits first; only if that fails are they
looked for (DECISIONS, *Anchors*). Offsets and positions are those of ``document.tree``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from document import tree
from document.places import Places
from document.tree import Node

#: One step's map, as ProseMirror writes it: ``[start, old size, new size, …]``, ascending.
StepMap = Sequence[int]

#: A quotation shorter than this says too little to be recognised after changes.
SHORTEST_FUZZY = 20
#: Likeness (0–100) from which changed words still count as the words quoted.
LIKE_ENOUGH = 85


class State(StrEnum):
    """``exact``: the words stand where they were followed to, unchanged. ``moved``: followed, but
    changed or in another place. ``refound``: lost by the maps, found again by their wording.
    ``deleted``: gone."""

    EXACT = "exact"
    MOVED = "moved"
    REFOUND = "refound"
    DELETED = "deleted"


@dataclass(frozen=True)
class Anchor:
    """``start == end`` anchors to the block as a whole."""

    block: str
    start: int
    end: int
    quotation: str = ""
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Located:
    """The state and, unless deleted, the place. ``section`` is empty for the anchor's own."""

    state: State
    block: str = ""
    start: int = 0
    end: int = 0
    section: str = ""


def cut(text: str, start: int, end: int) -> str:
    """The text between two UTF-16 offsets."""
    if text.isascii() or tree.utf16(text) == len(text):
        return text[start:end]
    units = text.encode("utf-16-le", "surrogatepass")
    return units[start * 2 : end * 2].decode("utf-16-le", "replace")


def position(doc: Node | Places, block: str, offset: int) -> int | None:
    """The position of a text offset in a block, or None if there is no such textblock or offset."""
    found = Places.of(doc).textblock(block)
    return _inside(found[1], found[0] + 1, offset) if found else None


def _inside(node: Node, at: int, offset: int) -> int | None:
    for child in tree.children(node):
        is_text = child["type"] == "text"
        length = tree.utf16(child["text"]) if is_text else 1
        if offset < length or (is_text and offset == length):
            return at + offset
        offset -= length
        at += tree.size(child)
    return at if offset == 0 else None


def place(doc: Node | Places, at: int) -> tuple[str, int] | None:
    """The textblock and offset at a position; None between blocks. Inside a footnote: the footnote."""
    found = Places.of(doc).at(at)
    return (tree.block_id(found[1]), _offset(found[1], at - found[0] - 1)) if found else None


def _offset(node: Node, distance: int) -> int:
    offset = 0
    for child in tree.children(node):
        size = tree.size(child)
        if distance < size:
            return offset + (distance if child["type"] == "text" else 0)
        distance -= size
        offset += size if child["type"] == "text" else 1
    return offset


def map_position(at: int, ranges: StepMap, side: int) -> int:
    """Where a position is after one step; ``side`` (-1 or 1) says to which edge of an insertion
    it keeps. Follows prosemirror-transform's ``StepMap.map``."""
    shift = 0
    for index in range(0, len(ranges), 3):
        start, old, new = ranges[index : index + 3]
        if start > at:
            break
        end = start + old
        if at <= end:
            edge = -1 if at == start else 1 if at == end else side
            towards = edge if old else side
            return start + shift + (0 if towards < 0 else new)
        shift += new - old
    return at + shift


def map_span(span: tuple[int, int], maps: Iterable[StepMap]) -> tuple[int, int] | None:
    """A span of positions after steps. None when its content was deleted or came out inverted."""
    start, end = span
    for ranges in maps:
        start, end = map_position(start, ranges, 1), map_position(end, ranges, -1)
        if start >= end:
            return None
    return start, end


def locate(
    anchor: Anchor,
    doc: Node | Places,
    maps: Iterable[StepMap] | None = None,
    *,
    origin: Node | None = None,
    span: tuple[int, int] | None = None,
    others: Mapping[str, Node | Places] | None = None,
) -> Located:
    """Find an anchor's words in today's ``doc``; who looks for many gives ``Places``.

    ``maps`` are those of the steps since the anchor's document ``origin`` (or since the stored
    ``span`` of positions, when a part of the way was mapped before). ``others`` are the brief's
    other sections, searched last.
    """
    today = Places.of(doc)
    if anchor.start >= anchor.end:
        return _whole_block(anchor, today, others or {})
    if maps is not None:
        found = _followed(anchor, today, maps, span or _span(anchor, origin))
        if found:
            return found
    return _searched(anchor, today, others or {})


def _span(anchor: Anchor, origin: Node | None) -> tuple[int, int] | None:
    if origin is None:
        return None
    start, end = (position(origin, anchor.block, offset) for offset in (anchor.start, anchor.end))
    return None if start is None or end is None else (start, end)


def _whole_block(anchor: Anchor, doc: Places, others: Mapping[str, Node | Places]) -> Located:
    if doc.find(anchor.block):
        return Located(State.EXACT, anchor.block)
    for section, text in others.items():
        if Places.of(text).find(anchor.block):
            return Located(State.MOVED, anchor.block, section=section)
    return Located(State.DELETED)


def _followed(anchor: Anchor, doc: Places, maps: Iterable[StepMap], span: tuple[int, int] | None) -> Located | None:
    today = map_span(span, maps) if span else None
    first, last = (place(doc, today[0]), place(doc, today[1])) if today else (None, None)
    if not first:
        return None
    block, start = first
    text = doc.text(block)
    # A paragraph split inside the quotation leaves its first part here: the comment stays with it.
    end = last[1] if last and last[0] == block else tree.utf16(text)
    if start >= end:
        return None
    same = block == anchor.block and cut(text, start, end) == anchor.quotation
    return Located(State.EXACT if same else State.MOVED, block, start, end)


def _searched(anchor: Anchor, doc: Places, others: Mapping[str, Node | Places]) -> Located:
    if doc.find(anchor.block):
        text = doc.text(anchor.block)
        if cut(text, anchor.start, anchor.end) == anchor.quotation:
            return Located(State.EXACT, anchor.block, anchor.start, anchor.end)
        span = _quoted(anchor, text)
        if span:
            return Located(State.MOVED, anchor.block, *span)
    sections = [("", doc), *((section, Places.of(text)) for section, text in others.items())]
    candidates = [(section, *found) for section, places in sections for found in places.textblocks()]
    # The block itself may have been moved to another section: its own id comes first.
    candidates.sort(key=lambda candidate: candidate[1] != anchor.block)
    for find in (_quoted, _alike):
        for section, block, text in candidates:
            span = find(anchor, text)
            if span:
                return Located(State.REFOUND, block, *span, section=section)
    return Located(State.DELETED)


def _quoted(anchor: Anchor, text: str) -> tuple[int, int] | None:
    """The occurrence of the quotation whose surroundings are most like the anchor's."""
    if not anchor.quotation.strip():
        return None
    places = []
    at = text.find(anchor.quotation)
    while at >= 0:
        places.append(at)
        at = text.find(anchor.quotation, at + 1)
    if not places:
        return None
    best = max(places, key=lambda at: _context(anchor, text, at, at + len(anchor.quotation)))
    return _utf16(text, best, best + len(anchor.quotation))


def _context(anchor: Anchor, text: str, start: int, end: int) -> float:
    before = text[max(0, start - len(anchor.prefix)) : start]
    after = text[end : end + len(anchor.suffix)]
    return fuzz.ratio(before, anchor.prefix) + fuzz.ratio(after, anchor.suffix)


def _alike(anchor: Anchor, text: str) -> tuple[int, int] | None:
    if len(anchor.quotation) < SHORTEST_FUZZY or len(text) < len(anchor.quotation) // 2:
        return None
    match = fuzz.partial_ratio_alignment(anchor.quotation, text, score_cutoff=LIKE_ENOUGH)
    # The shorter of the two is what was aligned; a fragment of the quotation is not the quotation.
    if not match or match.dest_end - match.dest_start < len(anchor.quotation) // 2:
        return None
    return _utf16(text, match.dest_start, match.dest_end)


def _utf16(text: str, start: int, end: int) -> tuple[int, int]:
    return tree.utf16(text[:start]), tree.utf16(text[:end])

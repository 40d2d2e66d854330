"""A document as its passages: each textblock's words with what the checks must know about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from document import tree
from document.tree import Node

#: Where a sentence ends: its sign, what closes after it, and the notes that hang there.
_END = re.compile(r"[.!?…]+[\"”’»)\]]*\ufffc*(?=\s+[A-ZÀ-ÖØ-ÞΑ-ΩА-Я\"“‘«(\[])")


@dataclass(frozen=True)
class Passage:
    """Offsets are Python's (code points) into ``text``; ``place`` gives them as the editor counts.

    ``seen`` is the text as it will stand: what is suggested for deletion is blanked, letter for letter.
    """

    id: str
    kind: str
    text: str
    seen: str
    #: Types of what it stands in, and ``definition`` or ``case`` inside such a callout.
    inside: frozenset[str] = frozenset()
    #: The outermost block it stands in.
    top: str = ""
    claims: tuple[tuple[int, int, str], ...] = ()
    #: Offsets of citations, and of footnotes that say something.
    cited: tuple[int, ...] = ()
    #: Offsets of words in another language.
    foreign: tuple[tuple[int, int], ...] = ()
    #: A footnote's own words stand at its mark in the block that holds it.
    at: int | None = None

    def place(self, start: int, end: int) -> tuple[str, int, int]:
        """``(block, start, end)`` in UTF-16 units."""
        if self.at is not None:
            return self.id, self.at, self.at + 1
        return self.id, tree.utf16(self.text[:start]), tree.utf16(self.text[:end])

    def sentences(self) -> list[tuple[int, int]]:
        """Spans of the sentences, citations after the full stop included."""
        ends = [match.end() for match in _END.finditer(self.seen)]
        return list(zip([0, *ends], [*ends, len(self.seen)], strict=True))

    def sentence_at(self, offset: int) -> tuple[int, int]:
        return next((span for span in self.sentences() if span[0] <= offset < span[1]), (0, len(self.seen)))


@dataclass
class _Spans:
    claims: list[tuple[int, int, str]] = field(default_factory=list)
    cited: list[int] = field(default_factory=list)
    foreign: list[tuple[int, int]] = field(default_factory=list)


def passages(doc: Node) -> Iterator[Passage]:
    """Every textblock in reading order, each followed by its footnotes."""
    yield from _inside(doc, frozenset(), "")


def _inside(parent: Node, inside: frozenset[str], top: str) -> Iterator[Passage]:
    for node in tree.children(parent):
        if _goes(node):
            continue
        outermost = top or tree.block_id(node)
        if node["type"] in tree.TEXTBLOCKS:
            yield _passage(node, inside, outermost)
            yield from _notes(node, inside, outermost)
        elif node["type"] not in tree.INLINE:
            around = {node["type"]} | ({tree.attr(node, "kind")} if node["type"] == "callout" else set())
            yield from _inside(node, inside | around, outermost)


def _goes(node: Node) -> bool:
    return any(mark["type"] == "deletion" for mark in node.get("marks") or [])


def _passage(node: Node, inside: frozenset[str], top: str, *, at: int | None = None, block: str = "") -> Passage:
    spans, text, seen = _Spans(), "", ""
    for child in tree.children(node):
        words = child["text"] if child["type"] == "text" else tree.OBJECT
        start, end = len(text), len(text) + len(words)
        text += words
        if _goes(child):
            seen += " " * len(words)
            continue
        seen += " " if child["type"] == "hard_break" else words
        if child["type"] == "citation" or (child["type"] == "footnote" and tree.children(child)):
            spans.cited.append(start)
        for mark in child.get("marks") or []:
            if mark["type"] == "claim":
                spans.claims.append((start, end, str(mark["attrs"]["id"])))
            elif mark["type"] == "language":
                spans.foreign.append((start, end))
    return Passage(
        id=block or tree.block_id(node),
        kind=node["type"],
        text=text,
        seen=seen,
        inside=inside,
        top=top,
        claims=tuple(spans.claims),
        cited=tuple(spans.cited),
        foreign=tuple(spans.foreign),
        at=at,
    )


def _notes(node: Node, inside: frozenset[str], top: str) -> Iterator[Passage]:
    offset = 0
    for child in tree.children(node):
        if child["type"] == "footnote" and not _goes(child):
            yield _passage(child, inside | {"footnote"}, top, at=offset, block=tree.block_id(node))
        offset += tree.utf16(child["text"]) if child["type"] == "text" else 1

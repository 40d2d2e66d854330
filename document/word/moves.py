"""Moved blocks as Word tells them: struck and new places are ranges of one name, with the paragraphs' own marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from document import tree
from document.assembly import Assembly
from document.tree import Node
from document.word.names import quoted
from document.word.runs import Change

_RANGES = {"move-from": "w:moveFromRange", "move-to": "w:moveToRange"}
#: Word tracks the rows of tables, and rows do not move: these are struck and inserted.
_ROWS = frozenset({"table", "table_row", "table_cell", "table_header", "callout"})
#: Ranges are numbered apart from other changes: no file has so many of those.
_FIRST = 1_000_000


def told(assembly: Assembly) -> frozenset[str]:
    """The changes of a redline that are moves of paragraphs, headings, lists, quotations or pictures."""
    moved = {key for key, change in assembly.publication.changes.items() if change.kind == "moved"}
    if not moved:
        return frozenset()
    rows = {key for section in assembly.publication.sections for key in _in_rows(section.doc, moved)}
    return frozenset(moved - rows)


def _in_rows(node: Node, moved: set[str], around: tuple[str, ...] = ()) -> Iterator[str]:
    around = (*around, *(key for mark in node.get("marks") or () if (key := _identity(mark)) in moved))
    if node["type"] in _ROWS:
        yield from around
    for child in tree.children(node):
        yield from _in_rows(child, moved, around)


def _identity(mark: Node) -> str:
    return str((mark.get("attrs") or {}).get("id", ""))


@dataclass
class Moves:
    """The ranges of one file. Paragraphs of one move that follow each other stand in one range."""

    _open: tuple[str, str, int] | None = None
    _names: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    def reached(self, breaks: Sequence[Change]) -> str:
        """What stands before a paragraph whose own mark is changed like this."""
        change = next((each for each in breaks if each.kind in _RANGES), None)
        if change is None:
            return self.ended()
        if self._open and self._open[:2] == (change.kind, change.id):
            return ""
        ended = self.ended()
        number = _FIRST + self._count
        self._count += 1
        self._open = (change.kind, change.id, number)
        name = self._names.setdefault(change.id, f"move{len(self._names) + 1}")
        who = f"w:author={quoted(change.author)} w:date={quoted(change.date)}"
        return f'{ended}<{_RANGES[change.kind]}Start w:id="{number}" {who} w:name={quoted(name)}/>'

    def ended(self) -> str:
        """What stands where the last move ends: before another paragraph, a table, or the end."""
        if self._open is None:
            return ""
        kind, _id, number = self._open
        self._open = None
        return f'<{_RANGES[kind]}End w:id="{number}"/>'

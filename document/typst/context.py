"""What the emitter knows while it writes: pictures' names, labels wanted, the tables so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from document.assembly import Assembly
from document.tables import Grid
from document.tree import Node
from document.typst.code import Code, call, string


@dataclass
class Context:
    """``names`` maps an asset to its file; ``targets`` are the ids that something refers to."""

    assembly: Assembly
    names: dict[str, str]
    targets: set[str]
    grids: list[Grid] = field(default_factory=list)
    _labelled: set[str] = field(default_factory=set)
    _lines: int = 0

    def label(self, identifier: str) -> Code:
        """A place to lead to, if anything refers to it; the second of two with one id has none."""
        if identifier not in self.targets:
            return Code("none")
        return self.always_label(identifier)

    def always_label(self, identifier: str) -> Code:
        if not identifier or identifier in self._labelled:
            return Code("none")
        self._labelled.add(identifier)
        return call("target", string(identifier))

    @contextmanager
    def lined(self, nodes: Iterable[Node]) -> Iterator[list[str]]:
        """The suggestions on these nodes that may draw a line, none if one is drawn around already:
        PDF/UA forbids two lines on the same words."""
        marks = [mark["type"] for node in nodes for mark in node.get("marks") or []]
        lines = [each for each in marks if each in ("insertion", "deletion")]
        self._lines += len(lines)
        yield lines[:1] if self._lines == len(lines) else []
        self._lines -= len(lines)

    def leads(self, identifier: str) -> bool:
        """Whether a reference to this id can lead somewhere."""
        return self.assembly.numbering.known(identifier)

"""A document looked up many times: its blocks by id, its textblocks by position.

Walking a text for each of 5,000 comments costs 5,000 walks; this walks it once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from document import tree
from document.tree import Node


class Places:
    """Blocks of one document. It is read at once: a document that changes needs a new one."""

    def __init__(self, doc: Node) -> None:
        self.doc = doc
        self._blocks: dict[str, Node] = {}
        self._textblocks: dict[str, tuple[int, Node]] = {}
        self._starts: list[int] = []
        self._found: list[tuple[int, Node]] = []
        self._texts: dict[str, str] = {}
        for at, node in tree.positions(doc):
            identifier = tree.block_id(node)
            self._blocks.setdefault(identifier, node)
            if node["type"] in tree.TEXTBLOCKS:
                self._textblocks.setdefault(identifier, (at, node))
                self._starts.append(at)
                self._found.append((at, node))

    @classmethod
    def of(cls, doc: Node | Places) -> Places:
        return doc if isinstance(doc, Places) else cls(doc)

    def find(self, identifier: str) -> Node | None:
        """The block with this id, or None."""
        return self._blocks.get(identifier)

    def textblock(self, identifier: str) -> tuple[int, Node] | None:
        """``(position before it, textblock)`` of this id, or None."""
        return self._textblocks.get(identifier)

    def at(self, position: int) -> tuple[int, Node] | None:
        """The textblock that holds this position, with the position before it; None between blocks."""
        index = bisect_right(self._starts, position - 1) - 1
        if index < 0:
            return None
        start, node = self._found[index]
        return (start, node) if start < position < start + tree.size(node) else None

    def text(self, identifier: str) -> str:
        """The plain text of a block, written once."""
        if identifier not in self._texts:
            node = self.find(identifier)
            self._texts[identifier] = tree.block_text(node) if node else ""
        return self._texts[identifier]

    def textblocks(self) -> Iterator[tuple[str, str]]:
        """``(id, plain text)`` of every textblock, in reading order."""
        for _at, node in self._found:
            identifier = tree.block_id(node)
            yield identifier, self.text(identifier)

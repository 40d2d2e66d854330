"""Walking a document: its blocks, its text, its words.

A document is the JSON of ``editor/schema.ts`` as Python dictionaries: ``{"type", "attrs",
"content", "marks", "text"}``. Nothing here validates; the engine does (``document.engine``).

Two ways of counting stand beside each other and must not be mixed:

* *position*: ProseMirror's own, over the whole document (UTF-16 units; entering or leaving a node
  counts one; a leaf counts one);
* *offset*: inside one block's plain text, where every inline node that is not text is one
  U+FFFC. Anchors and the reading room use it (UTF-16 units too, as browsers do).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

OBJECT = "\ufffc"
TEXTBLOCKS = frozenset({"paragraph", "heading", "figure"})
LEAVES = frozenset({"citation", "cross_reference", "hard_break"})
INLINE = frozenset({"text", "footnote"}) | LEAVES

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


def children(node: Node) -> list[Node]:
    """The node's content, or an empty list."""
    content: list[Node] = node.get("content") or []
    return content


def attr(node: Node, name: str, default: Any = "") -> Any:
    return (node.get("attrs") or {}).get(name, default)


def block_id(node: Node) -> str:
    return str(attr(node, "id"))


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in reading order, footnotes' contents included."""
    yield node
    for child in children(node):
        yield from walk(child)


def blocks(doc: Node) -> Iterator[Node]:
    """Every block that carries an id, in reading order, without footnotes."""
    for node in walk(doc):
        if node["type"] not in INLINE and node["type"] != "doc":
            yield node


def find(doc: Node, identifier: str) -> Node | None:
    """The block with this id, or None."""
    return next((node for node in blocks(doc) if block_id(node) == identifier), None)


def utf16(text: str) -> int:
    """Length in UTF-16 code units, as ProseMirror and browsers count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def size(node: Node) -> int:
    """ProseMirror's ``nodeSize``."""
    if node["type"] == "text":
        return utf16(node["text"])
    if node["type"] in LEAVES:
        return 1
    return 2 + sum(size(child) for child in children(node))


def block_text(node: Node) -> str:
    """Plain text of one textblock; each inline node that is not text becomes one U+FFFC."""
    return "".join(child["text"] if child["type"] == "text" else OBJECT for child in children(node))


def text(node: Node, *, footnotes: bool = False) -> str:
    """Readable plain text: blocks on lines of their own, inline nodes dropped."""
    if node["type"] == "text":
        return str(node["text"])
    if node["type"] == "hard_break":
        return "\n"
    if node["type"] == "footnote" and not footnotes:
        return ""
    inner = [text(child, footnotes=footnotes) for child in children(node)]
    if node["type"] in TEXTBLOCKS or node["type"] == "footnote":
        return "".join(inner)
    return "\n".join(part for part in inner if part)


def words(node: Node, *, footnotes: bool = True) -> int:
    """How many words a reader counts: letters and digits, joined by hyphen or apostrophe."""
    return len(_WORD.findall(text(node, footnotes=footnotes)))


def word_starts(text: str) -> Iterator[int]:
    """Where in a plain text each of its words begins, in UTF-16 units."""
    plain = utf16(text) == len(text)
    for found in _WORD.finditer(text):
        yield found.start() if plain else utf16(text[: found.start()])


def positions(doc: Node) -> Iterator[tuple[int, Node]]:
    """Each block with the position just before it (ProseMirror's), in reading order."""

    def inside(parent: Node, start: int) -> Iterator[tuple[int, Node]]:
        at = start
        for child in children(parent):
            if child["type"] not in INLINE:
                yield at, child
                if child["type"] not in TEXTBLOCKS:
                    yield from inside(child, at + 1)
            at += size(child)

    yield from inside(doc, 0)

"""Pieces: what a draft consists of between reading it and dividing it into sections.

A piece is one block of the document language with what its source said about it. Until the end
of the work, inline content may hold kinds of node that the schema does not know: ``_edge`` (where a
comment begins or ends), ``_break`` (an inserted or deleted paragraph mark) and ``_form`` (a tracked
change of the paragraph's style), and one mark, ``_underline``. They take no room in the text, so
repairs may cut and join freely.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from document.tree import TEXTBLOCKS, Node, children

MARK_ORDER = (
    "strong", "em", "superscript", "subscript", "link", "language", "claim",
    "insertion", "deletion", "modification", "_underline",
)  # fmt: skip
UNSEEN = frozenset({"_edge", "_break", "_form"})
LISTS = frozenset({"bullet_list", "ordered_list"})


@dataclass
class Piece:
    """One block.

    ``key`` grows through the draft and stays with the words it was given to; ``style`` is the
    source's own style name; ``level`` its heading level (0: none); ``marker`` the number Word
    counted, as shown, or ``numbering:delimiter`` for a list; ``quoted`` whether it was indented;
    ``numbered`` the running number taken off it.
    """

    node: Node
    key: int
    style: str = ""
    level: int = 0
    marker: str = ""
    quoted: bool = False
    numbered: int = 0

    @property
    def type(self) -> str:
        return str(self.node["type"])

    @property
    def inlines(self) -> list[Node]:
        return children(self.node)

    @property
    def text(self) -> str:
        return plain(self.node)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def node(kind: str, /, content: list[Node] | None = None, **attrs: Any) -> Node:
    """A node; ``content`` and ``attrs`` are left out when there are none."""
    made: Node = {"type": kind}
    if attrs:
        made["attrs"] = attrs
    if content:
        made["content"] = content
    return made


def text_node(text: str, marks: list[Node] | None = None) -> Node:
    made: Node = {"type": "text", "text": text}
    if marks:
        made["marks"] = sorted(marks, key=lambda mark: MARK_ORDER.index(mark["type"]))
    return made


def paragraph(inlines: list[Node]) -> Node:
    return node("paragraph", inlines)


def plain(value: Node) -> str:
    """Readable text: footnotes, comment edges and citations left out, a line break is a space."""
    if value["type"] == "text":
        return str(value["text"])
    if value["type"] == "hard_break":
        return " "
    if value["type"] == "footnote" or value["type"] in UNSEEN:
        return ""
    return ("" if value["type"] in TEXTBLOCKS else " ").join(plain(child) for child in children(value))


def words_of(value: Node) -> str:
    """All text, footnotes included, blocks apart: for counting words."""
    if value["type"] == "text":
        return str(value["text"])
    if value["type"] in UNSEEN:
        return ""
    return "".join(words_of(child) for child in children(value)) + "\n"


def merged(inlines: list[Node]) -> list[Node]:
    """The same content with neighbouring texts of equal marks joined; empty texts are dropped."""
    out: list[Node] = []
    for child in inlines:
        if child["type"] == "text":
            if not child["text"]:
                continue
            if out and out[-1]["type"] == "text" and out[-1].get("marks") == child.get("marks"):
                out[-1] = {**out[-1], "text": out[-1]["text"] + child["text"]}
                continue
        out.append(child)
    return out


def _trim_end(inlines: list[Node], at: int, strip: Callable[[str], str]) -> list[Node]:
    """Strip white space and line breaks from one end; ``at`` is 0 or -1."""
    kept = list(inlines)
    aside: list[Node] = []
    while kept:
        child = kept[at]
        if child["type"] in UNSEEN:
            aside.append(kept.pop(at))
        elif child["type"] == "hard_break":
            kept.pop(at)
        elif child["type"] == "text":
            text = strip(child["text"])
            if text:
                kept[at] = {**child, "text": text}
                break
            kept.pop(at)
        else:
            break
    return [*aside, *kept] if at == 0 else [*kept, *reversed(aside)]


def trimmed(inlines: list[Node]) -> list[Node]:
    """Merged content without white space or line breaks at either end."""
    return _trim_end(_trim_end(merged(inlines), 0, str.lstrip), -1, str.rstrip)


def without_prefix(inlines: list[Node], length: int) -> list[Node]:
    """The content without its first ``length`` characters of readable text; edges are kept."""
    out: list[Node] = []
    left = length
    for child in inlines:
        if left and child["type"] == "text":
            cut = min(left, len(child["text"]))
            left -= cut
            if cut < len(child["text"]):
                out.append({**child, "text": child["text"][cut:]})
        elif left and child["type"] == "hard_break":
            left -= 1
        else:
            out.append(child)
    return trimmed(out)


def _shown(inlines: list[Node]) -> Iterator[Node]:
    return (child for child in inlines if child["type"] == "text" and child["text"].strip())


def dress(inlines: list[Node]) -> str:
    """How the whole content is set: ``strong``, ``em``, ``_underline`` or an empty string."""
    worn: set[str] | None = None
    for child in _shown(inlines):
        if not re.search(r"\w", child["text"]):
            continue
        marks = {mark["type"] for mark in child.get("marks") or []}
        worn = marks if worn is None else worn & marks
    for name in ("strong", "em", "_underline"):
        if worn and name in worn:
            return name
    return ""


def edges(value: Node) -> list[Node]:
    """Every comment edge inside, in order."""
    if value["type"] == "_edge":
        return [value]
    return [edge for child in children(value) for edge in edges(child)]


def footnotes(value: Node) -> list[Node]:
    """Every footnote inside, in order."""
    if value["type"] == "footnote":
        return [value]
    return [note for child in children(value) for note in footnotes(child)]


def is_empty(piece: Piece) -> bool:
    """A paragraph that shows nothing and holds no comment, footnote or inserted mark."""
    if piece.type != "paragraph":
        return False
    return not piece.node.get("marks") and all(
        child["type"] == "hard_break" or (child["type"] == "text" and not child["text"].strip())
        for child in piece.inlines
    )


def copied(value: Node) -> Node:
    return copy.deepcopy(value)

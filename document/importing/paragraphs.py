"""Tracked paragraph marks and styles: as suggestions on whole blocks, or on where a block begins.

Word puts an inserted mark at the end of the paragraph before the new one, or at the end of the new one itself.
What is wholly new (or wholly deleted) bears the suggestion as a block; between kept words the block that follows says
that its start is new (``split``) or goes away (``join``), as suggestions in the writing room do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from document.importing.pieces import Piece
from document.importing.report import Report
from document.tree import Node, children

Suggest = Callable[[str, str, str], str]
_TEXTS = ("paragraph", "heading")
_EDGES = {"insertion": "split", "deletion": "join"}


@dataclass(frozen=True)
class _Text:
    """A textblock with the nodes around it, outermost first, and its piece."""

    node: Node
    around: tuple[Node, ...]
    piece: Piece

    @property
    def last_of_cell(self) -> bool:
        return bool(self.around) and self.around[-1]["type"].startswith("table_") and self._last

    @property
    def _last(self) -> bool:
        return children(self.around[-1])[-1] is self.node


def tracked(pieces: list[Piece], suggest: Suggest, report: Report) -> None:
    """Put the tracked marks and styles of all paragraphs where suggestions have them."""
    texts = [text for piece in pieces for text in _texts(piece.node, (), piece)]
    breaks: list[list[Node]] = []
    for text in texts:
        for form in _take(text.node, "_form"):
            text.node.setdefault("marks", []).append(form["attrs"]["mark"])
        breaks.append(_take(text.node, "_break"))
    shifted = {kind: _shifted(kind, texts, breaks) for kind in _EDGES}
    for at, found in enumerate(breaks):
        following = texts[at + 1] if at + 1 < len(texts) else None
        for each in found:
            _break(each, texts[at], following, at in shifted[each["attrs"]["kind"]], suggest, report)


def _shifted(kind: str, texts: list[_Text], breaks: list[list[Node]]) -> set[int]:
    """Places of marks that stand one early: the last new paragraph of their run has the old one's own mark."""
    found: set[int] = set()
    at = 0
    while at < len(texts):
        if not _has(breaks[at], kind):
            at += 1
            continue
        start, opens = at, not _wholly(texts[at], kind)
        at += 1
        while at < len(texts) and _has(breaks[at], kind) and _wholly(texts[at], kind):
            at += 1
        end = texts[at] if at < len(texts) and not _has(breaks[at], kind) else None
        if opens and end is not None and _wholly(end, kind) and _shows(end):
            found.update(range(start, at))
    return found


def _has(found: list[Node], kind: str) -> bool:
    return any(each["attrs"]["kind"] == kind for each in found)


def _texts(value: Node, around: tuple[Node, ...], piece: Piece) -> Iterator[_Text]:
    if value["type"] in _TEXTS:
        yield _Text(value, around, piece)
        return
    for child in children(value):
        yield from _texts(child, (*around, value), piece)


def _take(value: Node, kind: str) -> list[Node]:
    found = [child for child in children(value) if child["type"] == kind]
    if found:
        value["content"] = [child for child in children(value) if child["type"] != kind]
    return found


def _break(found: Node, text: _Text, following: _Text | None, shifted: bool, suggest: Suggest, report: Report) -> None:
    attrs = found["attrs"]
    kind: str = attrs["kind"]
    bearer = following if shifted else text
    if bearer is not None and _wholly(bearer, kind) and not _blocked(bearer.node):
        mark = {"type": kind, "attrs": {"id": suggest(kind, attrs["author"], attrs["at"])}}
        bearer.node.setdefault("marks", []).append(mark)
        return
    ends = _meeting(text, following) if following is not None else []
    if not ends:
        report.say("break-change", text.piece.key, text.piece.text)
        return
    identifier = suggest("modification", attrs["author"], attrs["at"])
    for node in ends:
        mark = {"type": "modification", "attrs": {"id": identifier, "was": {"edge": _EDGES[kind]}}}
        node.setdefault("marks", []).append(mark)


def _blocked(node: Node) -> bool:
    return any(mark["type"] in _EDGES for mark in node.get("marks") or [])


def _wholly(text: _Text, kind: str) -> bool:
    """Whether all that a paragraph shows is inserted (or deleted); a cell keeps its last paragraph."""
    if text.last_of_cell and len(children(text.around[-1])) == 1:
        return False
    return all(any(mark["type"] == kind for mark in child.get("marks") or []) for child in _shown(text))


def _shown(text: _Text) -> list[Node]:
    return [child for child in children(text.node) if child["type"] in ("text", "footnote")]


def _shows(text: _Text) -> bool:
    return bool(_shown(text))


def _meeting(text: _Text, following: _Text) -> list[Node]:
    """The nodes that begin with the second paragraph and could go on from the first; none where they cannot."""
    if not text.around and not following.around:
        return [following.node]
    if text.around[:-1] and text.around[:-1] == following.around[:-1]:
        before, item = text.around[-1], following.around[-1]
        if before is item:
            return [following.node]
        ends = children(before)[-1] is text.node and children(item)[0] is following.node
        return [item, following.node] if before["type"] == item["type"] == "list_item" and ends else []
    return []

"""pandoc's tables as tables with spans and header cells, or as the boxes that authors draw with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from document.importing.inlines import Element, Reader
from document.importing.pieces import dress, edges, footnotes, node, paragraph, plain
from document.importing.report import Report, shorten
from document.tree import Node, children

_BOX_TITLE = re.compile(r"^\s*box\b", re.I)
#: The number typed before a box's title; the brief counts its boxes itself.
_BOX_NUMBER = re.compile(r"^\s*box\s+(\d{1,3}|[IVX]{1,5}|[A-Z])\b\s*[:.–—-]?\s*", re.I)
_KINDS = (
    ("definition", r"defin|glossar|terms?\b"),
    ("risk", r"\brisk|warning|danger|harm"),
    ("opportunity", r"opportunit|benefit|promis"),
    ("case", r"\bcase\b|example|in practice|stor(y|ies)\b"),
    ("key", r"\bkey\b|main message|finding|summary|at a glance"),
)


@dataclass(frozen=True)
class Made:
    """A table's node; ``style`` is ``box`` when it is a callout, ``box-more`` when it has no title."""

    node: Node
    style: str


def kind_of(title: str) -> str:
    """Which callout a box is, by the words of its title."""
    return next((kind for kind, pattern in _KINDS if re.search(pattern, title, re.I)), "note")


def callout(title: str, content: list[Node]) -> Node:
    return node("callout", content or [paragraph([])], kind=kind_of(title), title=title[:300])


@dataclass
class Tables:
    report: Report
    flow: Callable[[list[Element]], list[Node]]
    reader: Reader

    def read(self, content: list[Any], key: int) -> Made:
        _, caption, columns, head, bodies, foot = content
        rows = [("head", row) for row in head[1]]
        rows += [("body", row) for body in bodies for row in (*body[2], *body[3])]
        rows += [("body", row) for row in foot[1]]
        if len(columns) == 1:
            return self._box([cell for _, row in rows for cell in row[1]], key)
        made = [(where, [self._cell(cell) for cell in row[1]]) for where, row in rows]
        caption_words = " ".join(plain(each) for each in self.flow(caption[1]))
        return Made(self._table(made, caption_words, key), "")

    def _box(self, cells: list[Any], key: int) -> Made:
        content = [block for cell in cells for block in self.flow(cell[4])]
        content = [block for block in content if block["type"] != "paragraph" or children(block)]
        title = ""
        if content and self._is_title(content[0]):
            title = " ".join(plain(content.pop(0)).split())
        self.report.say("box", key, title, title=shorten(title, 60))
        return Made(callout(_BOX_NUMBER.sub("", title), content), "box" if title else "box-more")

    def _is_title(self, block: Node) -> bool:
        """Short, and named a box or set in bold; what carries a note or a comment stays a paragraph."""
        words = plain(block).strip()
        if block["type"] != "paragraph" or not words or len(words) > 160 or footnotes(block) or edges(block):
            return False
        return bool(_BOX_TITLE.match(words)) or (dress(children(block)) == "strong" and words[-1] not in ".;,")

    def _cell(self, cell: list[Any]) -> Node:
        _, _, rowspan, colspan, blocks = cell
        content = self.flow(blocks) or [paragraph([])]
        return node(
            "table_cell", content, colspan=max(1, min(colspan, 100)), rowspan=max(1, min(rowspan, 1000)), colwidth=None
        )

    def _table(self, rows: list[tuple[str, list[Node]]], caption: str, key: int) -> Node:
        rows = [row for row in rows if row[0] == "body" or any(not _blank(cell) for cell in row[1])]
        rows = _closed(rows)
        heads = sum(1 for where, _ in rows if where == "head")
        if not heads and len(rows) > 1 and all(_bold(cell) for cell in rows[0][1]):
            heads = 1
            self.report.say("header-row", key, plain(rows[0][1][0]))
        body = [cells for _, cells in rows[heads:]]
        named = len(body) > 1 and all(cells and _bold(cells[0]) for cells in body)
        made: list[Node] = []
        for position, (_, cells) in enumerate(rows):
            if position < heads:
                cells = [_header(cell, "col") for cell in cells]
            elif named:
                cells = [_header(cells[0], "row"), *cells[1:]]
            made.append(node("table_row", cells))
        return node("table", made or [node("table_row", [_empty()])], caption=" ".join(caption.split())[:500])


def _empty() -> Node:
    return node("table_cell", [paragraph([])], colspan=1, rowspan=1, colwidth=None)


def _blank(cell: Node) -> bool:
    return not plain(cell).strip() and not edges(cell) and not footnotes(cell)


def _bold(cell: Node) -> bool:
    """Every paragraph with words in bold, and some words."""
    if _blank(cell):
        return False
    return all(
        dress(children(block)) == "strong"
        for block in children(cell)
        if block["type"] == "paragraph" and plain(block).strip()
    ) and all(block["type"] == "paragraph" for block in children(cell))


def _header(cell: Node, scope: str) -> Node:
    return {**cell, "type": "table_header", "attrs": {**cell["attrs"], "scope": scope}}


def _closed(rows: list[tuple[str, list[Node]]]) -> list[tuple[str, list[Node]]]:
    """Rows that vertical spans leave without a cell are dropped, and the spans over them shortened."""
    out: list[tuple[str, list[Node]]] = []
    for position, (where, cells) in enumerate(rows):
        if cells:
            out.append((where, cells))
            continue
        for above, (_, earlier) in enumerate(rows[:position]):
            for cell in earlier:
                if above + cell["attrs"]["rowspan"] > position:
                    cell["attrs"]["rowspan"] -= 1
    height = len(out)
    for position, (_, cells) in enumerate(out):
        for cell in cells:
            cell["attrs"]["rowspan"] = max(1, min(cell["attrs"]["rowspan"], height - position))
    return out

"""pandoc's tables as tables with spans and header cells, or as the boxes that authors draw with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from document.characters import shorten
from document.importing import details, styled
from document.importing.boxes import callout
from document.importing.inlines import Element, Reader, pairs
from document.importing.pieces import Piece, dress, edges, footnotes, node, paragraph, plain
from document.importing.report import Report
from document.tree import Node, children

_BOX_TITLE = re.compile(r"^\s*box\b", re.I)
#: The number typed before a box's title; the brief counts its boxes itself.
_BOX_NUMBER = re.compile(r"^\s*box\s+(\d{1,3}|[IVX]{1,5}|[A-Z])\b\s*[:.–—-]?\s*", re.I)


@dataclass(frozen=True)
class Made:
    """A table's node; ``style`` is ``box`` when it is a callout, ``box-more`` when it has no title."""

    node: Node
    style: str


@dataclass(frozen=True)
class _Row:
    """``number`` is the row's in the file."""

    where: str
    cells: list[Node]
    number: int


@dataclass
class Tables:
    report: Report
    flow: Callable[[list[Element]], list[Node]]
    reader: Reader

    def read(self, content: list[Any], key: int, number: int = -1) -> Made:
        """``number`` counts the file's tables: tracked rows are known by it."""
        attributes, captions, columns, head, bodies, foot = content
        rows = [("head", row) for row in head[1]]
        rows += [("body", row) for body in bodies for row in (*body[2], *body[3])]
        rows += [("body", row) for row in foot[1]]
        # A box of our own has a style of its own: what has that of our tables is one, however narrow.
        ours = pairs(attributes).get("custom-style") == "Table"
        cells = [cell for _, row in rows for cell in row[1]]
        # A list of one column under a caption is a table, too.
        if len(columns) == 1 and not ours and (len(cells) == 1 or not captions[1]):
            return self._own_box(cells, key) or self._box(captions[1], cells, key)
        made = [
            _Row(where, [self._cell(cell) for cell in row[1]], number_) for number_, (where, row) in enumerate(rows)
        ]
        words = self.flow(captions[1])
        if ours and words:
            words[0]["content"] = styled.without_series(children(words[0]))
        was, caption, suggestion = details.versions(words)
        table = self._table(made, caption, key, number)
        details.changed(table, suggestion, caption=was[:500])
        return Made(table, "")

    def _own_box(self, cells: list[Any], key: int) -> Made | None:
        """A box of a file of our own, known by its styles."""
        pieces: list[tuple[Element, str]] = []
        for block in (block for cell in cells for block in cell[4]):
            style = pairs(block["c"][0]).get("custom-style", "") if block["t"] == "Div" else ""
            pieces.append((block, style or (pieces[-1][1] if pieces else "")))
        if not pieces or not styled.OWN_BOX.match(pieces[0][1]):
            return None
        inside = [Piece(each, key, style) for block, style in pieces for each in self.flow([block])]
        made = styled.closed(styled.read(inside, self.report))
        self.report.say("box", key, title=shorten(str(made[0].node["attrs"].get("title", "")), 60))
        return Made(made[0].node, "box") if len(made) == 1 else None

    def _box(self, above: list[Element], cells: list[Any], key: int) -> Made:
        """``above`` is what a caption says: a title, or the first words."""
        content = self.flow(above) + [block for cell in cells for block in self.flow(cell[4])]
        content = [block for block in content if block["type"] != "paragraph" or children(block)]
        was = title = suggestion = ""
        if content and self._is_title(content[0]):
            was, title, suggestion = details.versions([content.pop(0)])
        self.report.say("box", key, title, title=shorten(title, 60))
        made = callout(_BOX_NUMBER.sub("", title), content)
        details.changed(made, suggestion, title=_BOX_NUMBER.sub("", was)[:300])
        return Made(made, "box" if title else "box-more")

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

    def _table(self, rows: list[_Row], caption: str, key: int, number: int) -> Node:
        rows = [row for row in rows if row.where == "body" or any(not _blank(cell) for cell in row.cells)]
        rows = _closed(rows)
        heads = sum(1 for row in rows if row.where == "head")
        if not heads and len(rows) > 1 and all(_bold(cell) for cell in rows[0].cells):
            heads = 1
            self.report.say("header-row", key, plain(rows[0].cells[0]))
        body = [row.cells for row in rows[heads:]]
        named = len(body) > 1 and all(cells and _bold(cells[0]) for cells in body)
        made: list[Node] = []
        for position, row in enumerate(rows):
            cells = row.cells
            if position < heads:
                cells = [_header(cell, "col") for cell in cells]
            elif named:
                cells = [_header(cells[0], "row"), *cells[1:]]
            made.append(node("table_row", cells))
            if change := self.reader.tracked.rows.get((number, row.number)):
                identifier = self.reader.suggest(change["kind"], change["author"], change["at"])
                made[-1]["marks"] = [{"type": change["kind"], "attrs": {"id": identifier}}]
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


def _closed(rows: list[_Row]) -> list[_Row]:
    """Rows that vertical spans leave without a cell are dropped, and the spans over them shortened."""
    out: list[_Row] = []
    for position, row in enumerate(rows):
        if row.cells:
            out.append(row)
            continue
        for above, earlier in enumerate(rows[:position]):
            for cell in earlier.cells:
                if above + cell["attrs"]["rowspan"] > position:
                    cell["attrs"]["rowspan"] -= 1
    height = len(out)
    for position, row in enumerate(out):
        for cell in row.cells:
            cell["attrs"]["rowspan"] = max(1, min(cell["attrs"]["rowspan"], height - position))
    return out

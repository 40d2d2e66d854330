"""pandoc's blocks as pieces. Nothing is judged here except what is a table and what is a box."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from document.importing.inlines import Element, Reader, lines_of, pairs
from document.importing.pieces import Piece, node, paragraph, trimmed
from document.importing.report import Report
from document.importing.tables import Tables
from document.tree import Node

QUOTE_STYLE = re.compile(r"\bquot", re.I)


@dataclass
class Walker:
    """Reads blocks in order; pieces get growing keys."""

    report: Report
    reader: Reader
    #: The style of what is quoted, where a quotation is one for certain (in Word it may be indented, no more).
    quotes: str = ""
    pieces: list[Piece] = field(default_factory=list)
    rules: int = 0
    tables: int = 0

    def walk(self, blocks: list[Element], style: str = "", quoted: bool = False) -> None:
        for block in blocks:
            self._block(block, style, quoted)

    def add(self, made: Node, **about: Any) -> Piece:
        piece = Piece(made, len(self.pieces) + 1, **about)
        self.pieces.append(piece)
        self._figures(piece.key)
        return piece

    def _block(self, block: Element, style: str, quoted: bool) -> None:
        kind: str = block["t"]
        content: Any = block.get("c")
        if kind in ("Para", "Plain"):
            self._paragraph(content, style, quoted)
        elif kind == "Header":
            self.add(paragraph(trimmed(self.reader.read(content[2]))), style=style, level=content[0])
        elif kind == "Div":
            self.walk(content[1], pairs(content[0]).get("custom-style", style), quoted)
        elif kind == "BlockQuote":
            self.walk(content, style or self.quotes, True)
        elif kind in ("BulletList", "OrderedList"):
            self._list(block, style, quoted)
        elif kind == "Table":
            self._table(content)
        elif kind == "Figure":
            self._figure(content, style)
        else:
            self._rare(kind, content, style, quoted)

    def _rare(self, kind: str, content: Any, style: str, quoted: bool) -> None:
        if kind == "RawBlock":
            self.report.say("raw", len(self.pieces) + 1, str(content[1]))
        elif kind == "HorizontalRule":
            self.rules += 1
        elif kind == "DefinitionList":
            for term, definitions in content:
                self._paragraph([{"t": "Strong", "c": term}], style, quoted)
                for definition in definitions:
                    self.walk(definition, style, quoted)
        else:
            for line in lines_of([{"t": kind, "c": content}]):
                self._paragraph(line, style, quoted)

    def _paragraph(self, content: list[Element], style: str, quoted: bool) -> None:
        inlines = trimmed(self.reader.read(content))
        if not inlines and self.reader.pictures:
            self._figures(len(self.pieces) + 1, alone=True)
            return
        self.add(paragraph(inlines), style=style, quoted=quoted or bool(QUOTE_STYLE.search(style)))

    def _list(self, block: Element, style: str, quoted: bool) -> None:
        numbering = ""
        if block["t"] == "OrderedList":
            start, kind, delimiter = block["c"][0]
            numbering = f"{kind['t']}:{delimiter['t']}:{start}"
        self.add(self.list_node(block), style=style or _style_of_items(block), quoted=quoted, marker=numbering)

    def list_node(self, block: Element) -> Node:
        """A list with what the schema lets stand in its items."""
        if block["t"] == "BulletList":
            return node("bullet_list", [self._item(item) for item in block["c"]])
        (start, kind, delimiter), items = block["c"]
        made = node("ordered_list", [self._item(item) for item in items], start=max(0, min(start, 100000)))
        made["_numbering"] = f"{kind['t']}:{delimiter['t']}:{start}"
        return made

    def _item(self, blocks: list[Element]) -> Node:
        content = self.flow(blocks)
        if not content or content[0]["type"] != "paragraph":
            content.insert(0, paragraph([]))
        return node("list_item", content)

    def flow(self, blocks: list[Element]) -> list[Node]:
        """Blocks as paragraphs and lists only: for items, cells and boxes."""
        out: list[Node] = []
        for block in blocks:
            kind: str = block["t"]
            content: Any = block.get("c")
            if kind in ("BulletList", "OrderedList"):
                out.append(self.list_node(block))
            elif kind == "Div":
                out += self.flow(content[1])
            elif kind == "BlockQuote":
                out += self.flow(content)
            elif kind == "RawBlock":
                self.report.say("raw", len(self.pieces) + 1, str(content[1]))
            elif kind == "Figure":
                out += self.flow(content[2])
            else:
                if kind == "Table":
                    self.report.say("nested-table", len(self.pieces) + 1)
                out += [paragraph(line) for line in self._lines(block)]
        return out

    def _lines(self, block: Element) -> list[list[Node]]:
        strong = block["t"] == "Header"
        lines = lines_of([block])
        return [trimmed(self.reader.read([{"t": "Strong", "c": line}] if strong else line)) for line in lines]

    def _table(self, content: list[Any]) -> None:
        self.report.found["tables"] += 1
        made = Tables(self.report, self.flow, self.reader).read(content, len(self.pieces) + 1, self.tables)
        self.tables += 1
        self.add(made.node, style=made.style)

    def _figure(self, content: list[Any], style: str) -> None:
        caption = [self.reader.read(line) for line in lines_of(content[1][1])]
        before = len(self.reader.pictures)
        rest = [line for line in (trimmed(self.reader.read(each)) for each in lines_of(content[2])) if line]
        pictures = self.reader.pictures[before:]
        del self.reader.pictures[before:]
        words = trimmed([part for line in caption for part in line])
        for position, (path, alt) in enumerate(pictures):
            self._add_figure(path, alt, words if position == 0 else [])
        for line in rest:
            self.add(paragraph(line), style=style)

    def _figures(self, key: int, alone: bool = False) -> None:
        """Pictures met inside a line stand below it."""
        for path, alt in self.reader.take_pictures():
            if not alone:
                self.report.say("figure-moved", key)
            self._add_figure(path, alt, [])

    def _add_figure(self, path: str, alt: str, caption: list[Node]) -> None:
        self.report.found["figures"] += 1
        attrs = {"asset": "", "alt": alt[:2000], "decorative": False, "credit": "", "licence": "", "_path": path}
        self.pieces.append(Piece({"type": "figure", "attrs": attrs}, len(self.pieces) + 1))
        if caption:
            self.pieces[-1].node["content"] = caption


def _style_of_items(block: Element) -> str:
    """The style of a list's first item, when its paragraph has one of its own."""
    items = block["c"] if block["t"] == "BulletList" else block["c"][1]
    first = items[0][0] if items and items[0] else None
    return pairs(first["c"][0]).get("custom-style", "") if first and first["t"] == "Div" else ""

"""Pandoc's document tree from small functions (pandoc-types 1.23). No raw blocks, ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from document.characters import clean

Inline = dict[str, Any]
Block = dict[str, Any]
Attr = list[Any]

VERSION = [1, 23, 1]
SPACE: Inline = {"t": "Space"}
BREAK: Inline = {"t": "LineBreak"}
PLAIN: Attr = ["", [], []]


def attr(identifier: str = "", classes: Iterable[str] = (), **pairs: str) -> Attr:
    """Identifier, classes, key-value pairs; underscores in keys become hyphens."""
    return [identifier, [*classes], [[key.replace("_", "-"), clean(value)] for key, value in pairs.items() if value]]


def text(words: str) -> list[Inline]:
    """Plain words; runs of white space stay as many spaces."""
    result: list[Inline] = []
    for index, word in enumerate(clean(words).replace("\n", " ").replace("\t", " ").replace("\r", " ").split(" ")):
        if index:
            result.append(SPACE)
        if word:
            result.append({"t": "Str", "c": word})
    return result


def wrap(kind: str, inside: list[Inline]) -> Inline:
    """Strong, Emph, Superscript, Subscript, Strikeout, Underline."""
    return {"t": kind, "c": inside}


def span(attributes: Attr, inside: list[Inline]) -> Inline:
    return {"t": "Span", "c": [attributes, inside]}


def link(url: str, inside: list[Inline]) -> Inline:
    return {"t": "Link", "c": [PLAIN, inside, [clean(url), ""]]}


def image(url: str, alt: str, attributes: Attr = PLAIN) -> Inline:
    return {"t": "Image", "c": [attributes, text(alt), [url, ""]]}


def note(blocks: list[Block]) -> Inline:
    return {"t": "Note", "c": blocks}


def para(inside: list[Inline]) -> Block:
    return {"t": "Para", "c": inside}


def plain(inside: list[Inline]) -> Block:
    return {"t": "Plain", "c": inside}


def header(level: int, inside: list[Inline], attributes: Attr = PLAIN) -> Block:
    return {"t": "Header", "c": [level, attributes, inside]}


def div(attributes: Attr, blocks: list[Block]) -> Block:
    return {"t": "Div", "c": [attributes, blocks]}


def quote(blocks: list[Block]) -> Block:
    return {"t": "BlockQuote", "c": blocks}


def bullets(items: list[list[Block]]) -> Block:
    return {"t": "BulletList", "c": items}


def numbers(start: int, items: list[list[Block]]) -> Block:
    return {"t": "OrderedList", "c": [[start, {"t": "Decimal"}, {"t": "Period"}], items]}


def caption(inside: list[Inline]) -> list[Any]:
    return [None, [plain(inside)]]


def figure(attributes: Attr, words: list[Inline], blocks: list[Block]) -> Block:
    return {"t": "Figure", "c": [attributes, caption(words), blocks]}


def cell(blocks: list[Block], *, rowspan: int, colspan: int, align: str = "AlignDefault") -> list[Any]:
    return [PLAIN, {"t": align}, rowspan, colspan, blocks]


def table(
    attributes: Attr,
    words: list[Inline],
    widths: list[float | None],
    head: list[list[Any]],
    body: list[list[Any]],
    row_heads: int = 0,
    row_attributes: Sequence[Attr] = (),
) -> Block:
    """``head`` and ``body`` are rows of cells; ``row_heads`` columns at the left head their rows;
    ``widths`` are shares of the line, or None for what the content needs. ``row_attributes`` are one for each row."""
    specs = [
        [{"t": "AlignDefault"}, {"t": "ColWidth", "c": width} if width else {"t": "ColWidthDefault"}]
        for width in widths
    ]
    given = [*row_attributes, *([PLAIN] * (len(head) + len(body) - len(row_attributes)))]
    lines = [list(each) for each in zip(given, [*head, *body], strict=False)]
    rows = lines[: len(head)]
    bodies = [[PLAIN, row_heads, [], lines[len(head) :]]]
    return {"t": "Table", "c": [attributes, caption(words), specs, [PLAIN, rows], bodies, [PLAIN, []]]}


def meta(value: str | bool | list[str] | Mapping[str, str]) -> dict[str, Any]:
    """A metadata value."""
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    if isinstance(value, str):
        return {"t": "MetaInlines", "c": text(value)}
    if isinstance(value, Mapping):
        return {"t": "MetaMap", "c": {key: meta(each) for key, each in value.items()}}
    return {"t": "MetaList", "c": [meta(each) for each in value]}


def document(metadata: Mapping[str, Any], blocks: list[Block]) -> dict[str, Any]:
    """The whole, as ``pandoc --from=json`` reads it; empty metadata are left out."""
    given = {key: meta(value) for key, value in metadata.items() if value}
    return {"pandoc-api-version": VERSION, "meta": given, "blocks": blocks}

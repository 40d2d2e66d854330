"""pandoc's blocks as Word's paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from document.pandoc.ast import Block, Inline
from document.word import lists, runs
from document.word.names import quoted, style_id
from document.word.reference import CALLOUTS
from document.word.runs import Line, Look

#: The line's length, in twentieths of a point.
LINE = 7653
#: The space below a table or a box, likewise: as below a figure's caption.
BELOW = 280
#: Styles with as much space above.
_SPACED = re.compile(r"Heading|TableCaption|CaptionedFigure|Callout")
_BAR = re.compile(rf"Callout({'|'.join(CALLOUTS)})(Label|Title)?")


@dataclass(frozen=True)
class Place:
    """Where blocks stand: the style around them, the list they are in, the language.

    ``item`` is (instance, level) of a list; ``first`` whether the item's sign is still to come;
    ``pending`` holds bookmarks for the next paragraph.
    """

    book: Any
    style: str = ""
    language: str = ""
    rtl: bool = False
    item: tuple[int, int] | None = None
    first: bool = False
    level: int = -1
    align: str = ""
    table: bool = False
    note: bool = False
    pending: list[str] = field(default_factory=list)

    @property
    def look(self) -> Look:
        return runs.PLAIN._replace(language=self.language, rtl=self.rtl)


def write(content: list[Block], place: Place) -> str:
    return "".join([*_blocks(content, place), place.book.moves.ended()])


def _blocks(content: list[Block], place: Place) -> Iterator[str]:
    for block in content:
        kind: str = block["t"]
        inside: Any = block.get("c")
        if kind in ("Para", "Plain"):
            yield _paragraph(inside, place, compact=kind == "Plain")
            place = replace(place, first=False, note=False) if place.first or place.note else place
        elif kind == "Header":
            yield _header(inside, place)
        elif kind == "Div":
            yield from _div(inside, place)
        elif kind == "BlockQuote":
            yield from _blocks(inside, replace(place, style="BlockText"))
        elif kind in ("BulletList", "OrderedList"):
            yield from _list(kind, inside, place)
        elif kind == "Figure":
            yield from _figure(inside, place)
        elif kind == "Table":
            yield from _table(inside, place)


def _div(content: Any, place: Place) -> Iterator[str]:
    (identifier, _, given), inside = content
    about = dict(given)
    if identifier:
        place.pending.append(identifier)
    if "custom-style" in about:
        place = replace(place, style=style_id(about["custom-style"]))
    yield from _blocks(inside, _spoken(about, place))
    box = _BAR.fullmatch(style_id(about.get("custom-style", "")))
    if box and not box[2]:
        place.book.below = not place.table


def _spoken(about: dict[str, str], place: Place) -> Place:
    """The place in the language that a block says is its own."""
    return replace(place, language=about["lang"], rtl=about.get("dir") == "rtl") if "lang" in about else place


def _header(content: Any, place: Place) -> str:
    level, (identifier, _, given), inside = content
    place.pending.append(identifier)
    own = _spoken(dict(given), place)
    return _paragraph(inside, replace(own, style=f"Heading{level}"), compact=False)


def _paragraph(inlines: list[Inline], place: Place, *, compact: bool) -> str:
    line = Line(place.book).read(inlines, place.look)
    body = line.xml()
    marks = [place.book.bookmarked(each) for each in place.pending if each]
    place.pending.clear()
    if place.note:
        sign = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        body = f'{sign}<w:r><w:t xml:space="preserve"> </w:t></w:r>{body}'
    anchors = "".join(start + end for start, end in marks)
    edges = "" if place.note else place.book.moves.reached(line.breaks)
    return f"{edges}<w:p>{_form(line, place, compact)}{anchors}{body}</w:p>"


def _form(line: Line, place: Place, compact: bool) -> str:
    """``w:pPr`` in the order of Word's schema."""
    style = _style(place, compact)
    parts = [f'<w:pStyle w:val="{style}"/>' if style else ""]
    if place.item and place.first:
        number, level = place.item
        parts.append(f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    parts.append(f"{_bar(style)}<w:bidi/>" if place.rtl else "")
    if _below(place, style):
        parts.append(f'<w:spacing w:before="{BELOW}"/>')
    if place.item and not place.first:
        parts.append(f'<w:ind w:left="{lists.STEP * (place.item[1] + 1)}"/>')
    parts.append(f'<w:jc w:val="{place.align}"/>' if place.align else "")
    tracked = {change.kind: change for change in reversed(line.breaks)}
    signs = [
        f"<{tag} {runs.mark(tracked[kind], place.book.change_id())}/>"
        for kind, tag in runs.TAGS.items()
        if kind in tracked
    ]
    if signs:
        parts.append(f"<w:rPr>{''.join(signs)}</w:rPr>")
    if line.before:
        parts.append(_before(line.before, place))
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def _bar(style: str) -> str:
    """A box's bar from right to left: styles know left and right only, not where a line begins."""
    box = _BAR.fullmatch(style)
    if box is None:
        return ""
    right = '<w:right w:val="single" w:sz="24" w:space="6" w:color=' + quoted(CALLOUTS[box[1]]) + "/>"
    return f'<w:pBdr><w:left w:val="nil"/>{right}</w:pBdr>'


def _below(place: Place, style: str) -> bool:
    """Whether this is the first paragraph after a table or a box, and its style leaves it too near."""
    if place.table or place.note:
        return False
    after, place.book.below = place.book.below, False
    return after and not _SPACED.match(style)


def _style(place: Place, compact: bool) -> str:
    if place.item and not place.first:
        return "ListParagraph"
    if place.style and not (place.item and compact and place.style == "BodyText"):
        return place.style
    return "Compact" if compact or place.table else "BodyText"


def _before(about: dict[str, str], place: Place) -> str:
    """The form that a tracked change of a paragraph replaced: ``style`` is the name of the style it had."""
    who = runs.mark(runs.Change("modification", "", about.get("author", ""), about.get("date", "")), 0)
    who = who.replace('w:id="0"', f'w:id="{place.book.change_id()}"', 1)
    style = about.get("style", "BodyText")
    return f"<w:pPrChange {who}><w:pPr><w:pStyle w:val={quoted(style)}/></w:pPr></w:pPrChange>"


def _list(kind: str, content: Any, place: Place) -> Iterator[str]:
    level = min(place.level + 1, lists.LEVELS - 1)
    if kind == "BulletList":
        number, items = place.book.lists.bullets(), content
    else:
        (start, _, _), items = content
        number = place.book.lists.numbers(level, start)
    for item in items:
        inside = replace(place, item=(number, level), level=level, first=True)
        yield from _blocks(item, inside)


def _figure(content: Any, place: Place) -> Iterator[str]:
    (identifier, _, _), (_, caption), inside = content
    place.pending.append(identifier)
    yield from _blocks(inside, replace(place, style="CaptionedFigure"))
    yield from _blocks(caption, replace(place, style="ImageCaption"))


# --- tables


def _table(content: Any, place: Place) -> Iterator[str]:
    (identifier, _, given), (_, caption), columns, (_, head), bodies, (_, foot) = content
    about = dict(given)
    if identifier:
        place.pending.append(identifier)
    words = "".join(_plain(block["c"]) for block in caption)
    if any(block["c"] for block in caption):
        yield from _blocks(caption, replace(place, style="TableCaption"))
    rows = [*((True, row) for row in head), *((False, row) for body in bodies for row in (*body[2], *body[3]))]
    rows += [(False, row) for row in foot]
    yield place.book.moves.ended()
    if place.book.below and not place.table:
        # Two tables without a paragraph between them are one table to Word.
        yield f'<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="{BELOW}" w:lineRule="exact"/></w:pPr></w:p>'
    width = LINE // max(1, len(columns))
    style = about.get("table-style", "Table")
    title = f"<w:tblCaption w:val={quoted(words)}/>" if words.strip() else ""
    first, look = (1, "0020") if head else (0, "0000")
    grid = f'<w:gridCol w:w="{width}"/>' * len(columns)
    order = "<w:bidiVisual/>" if place.rtl else ""
    yield (
        f'<w:tbl><w:tblPr><w:tblStyle w:val={quoted(style)}/>{order}<w:tblW w:w="5000" w:type="pct"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{look}" w:firstRow="{first}" '
        'w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"{title}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )
    inside = replace(place, style="", item=None, level=-1, table=True)
    down: dict[int, tuple[int, int]] = {}
    for heading, row in rows:
        yield _row(row, heading, down, width, inside)
    place.book.below = not place.table
    yield "</w:tbl>"


def _plain(inlines: list[Inline]) -> str:
    """The words as they will be: without those that a suggestion takes away."""
    return "".join(
        each["c"] if each["t"] == "Str" else " " if each["t"] == "Space" else _plain(_within(each)) for each in inlines
    )


def _within(inline: Inline) -> list[Inline]:
    content: Any = inline.get("c")
    if inline["t"] in ("Span", "Link"):
        return [] if "deletion" in content[0][1] else list(content[1])
    return content if isinstance(content, list) and inline["t"] != "Note" else []


#: After the last cell: what is left of cells from above.
_REST: Any = object()


def _row(row: list[Any], heading: bool, down: dict[int, tuple[int, int]], width: int, place: Place) -> str:
    """One row; ``down`` tells which columns a cell from above still covers: column → (rows, columns)."""
    (_, classes, given), cells = row
    out: list[str] = []
    column = 0
    for cell in [*cells, _REST]:
        while column in down:
            left, across = down.pop(column)
            if left > 1:
                down[-column - 1] = (left - 1, across)
            out.append(_cell_xml("<w:vMerge/>", across, width, "<w:p/>"))
            column += across
        if cell is _REST:
            break
        _, align, height, across, content = cell
        if height > 1:
            down[-column - 1] = (height - 1, across)
        merge = '<w:vMerge w:val="restart"/>' if height > 1 else ""
        aligned = replace(place, align="right" if align["t"] == "AlignRight" else "")
        out.append(_cell_xml(merge, across, width, write(content, aligned) or "<w:p/>"))
        column += across
    for later in [each for each in down if each < 0]:
        down[-later - 1] = down.pop(later)
    form = "<w:tblHeader/>" if heading else ""
    about = dict(given)
    for kind, tag in (("insertion", "ins"), ("deletion", "del")):
        if kind in classes:
            change = runs.Change(kind, "", about.get("author", ""), about.get("date", ""))
            form += f"<w:{tag} {runs.mark(change, place.book.change_id())}/>"
            break
    return f"<w:tr>{f'<w:trPr>{form}</w:trPr>' if form else ''}{''.join(out)}</w:tr>"


def _cell_xml(merge: str, across: int, width: int, content: str) -> str:
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width * across}" w:type="dxa"/>{span}{merge}</w:tcPr>{content}</w:tc>'

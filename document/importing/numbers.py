"""Running paragraph numbers that authors typed, or that Word counted: found as one series and removed.

The brief counts its paragraphs itself (DECISIONS, *Paragraph numbers*). A number belongs to the
series when it continues it; enumerations that begin again at 1 stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from document.importing.headings import is_line
from document.importing.pieces import Piece, dress, without_prefix
from document.importing.report import Report
from document.tree import children

_TYPED = re.compile(r"\s*(\d{1,3})\.(?:[\s\u00a0]+|$)")
#: Fewer than this many in series, and they are not the report's own numbers.
_ENOUGH = 5
#: How far a number may jump ahead and still continue the series (authors delete paragraphs).
_JUMP = 3


def _typed(piece: Piece) -> int:
    if piece.type != "paragraph":
        return 0
    match = _TYPED.match(piece.text)
    if not match or (is_line(piece) and (dress(piece.inlines) or piece.level)):
        return 0
    return int(match[1])


def _counted(piece: Piece) -> int:
    """First number of a decimal list at the top of the text."""
    if piece.type != "ordered_list" or not piece.marker.startswith("Decimal:"):
        return 0
    return int(piece.marker.rsplit(":", 1)[1])


def _series(pieces: list[Piece]) -> dict[int, int]:
    """Position of a piece → its (first) number, for those that make up the series."""
    found: dict[int, int] = {}
    last = 0
    for position, piece in enumerate(pieces):
        typed, counted = _typed(piece), _counted(piece)
        length = len(children(piece.node)) if counted else 1
        value = typed or counted
        if not value:
            continue
        follows = last <= value <= last + _JUMP and (value > last or last > 9)
        if counted and not follows and counted > 9:
            # Word's own start may be stale; the next typed number tells what it must have been.
            following = next((number for number in map(_typed, pieces[position + 1 :]) if number), 0)
            if following in (last + length + 1, last + length + 2):
                value, follows = last + 1, True
        if not follows:
            continue
        found[position] = value
        last = value + length - 1
    return found if len(found) >= _ENOUGH else {}


def remove(pieces: list[Piece], report: Report) -> list[Piece]:
    """The pieces with running numbers taken off; lists that carried them become paragraphs."""
    series = _series(pieces)
    out: list[Piece] = []
    for position, piece in enumerate(pieces):
        if position not in series:
            out.append(piece)
        elif piece.type == "paragraph":
            match = _TYPED.match(piece.text)
            assert match
            piece.node["content"] = without_prefix(piece.inlines, match.end())
            piece.numbered = series[position]
            out.append(piece)
        else:
            out += _unnumbered(piece, series[position])
    if series:
        counted = [piece for piece in out if piece.numbered]
        report.say("numbers", counted[0].key, counted[0].text, count=len(counted))
        _point_out(out, report)
    return out


def _unnumbered(piece: Piece, first: int) -> Iterator[Piece]:
    for offset, item in enumerate(children(piece.node)):
        lead, *rest = children(item)
        yield Piece(lead, piece.key, piece.style, numbered=first + offset)
        for inner in rest:
            yield Piece(inner, piece.key, piece.style, marker=inner.get("_numbering", ""))


def _point_out(pieces: list[Piece], report: Report) -> None:
    """Numbers that stood twice or not at all; one that Word counted on a heading style is no gap."""
    before, hidden = 0, 0
    for piece in pieces:
        if not piece.numbered:
            hidden += piece.level > 0 and not is_line(piece)
            continue
        if before and piece.numbered == before:
            report.say("number-twice", piece.key, piece.text, number=piece.numbered)
        if before and piece.numbered - before - 1 > hidden:
            for missing in range(before + 1, piece.numbered):
                report.say("number-missing", piece.key, piece.text, number=missing)
        before, hidden = piece.numbered, 0

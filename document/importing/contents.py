"""The typed list of contents: found, left out, and used as evidence for the outline."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from document.importing.headings import marker, word_count
from document.importing.pieces import LISTS, Piece, plain
from document.importing.report import Report
from document.tree import children

_TITLE = re.compile(r"\s*(table of contents|contents|index|list of contents)\s*:?\s*", re.I)
_PAGE = re.compile(r"^(?P<words>.*?\D)[\s.·…\t]*(?P<page>\d{1,3}|[ivxl]{1,6})\s*$")
#: How far into the draft the list may begin, in pieces.
_FROM_START = 60


@dataclass(frozen=True)
class Line:
    """One line of the list: title without number and page, and the number before it."""

    title: str
    number: str


def lines_of(piece: Piece) -> list[str]:
    if piece.type in LISTS:
        return [plain(item) for item in children(piece.node)]
    return [piece.text] if piece.type == "paragraph" else []


def _line(text: str) -> Line | None:
    match = _PAGE.match(text.strip())
    if not match or word_count(match["words"]) > 40 or match["words"].rstrip().endswith((";", ":")):
        return None
    words = match["words"].strip(" .·…\t")
    number = marker(words)
    return Line(words[number.length :] if number else words, number.shown if number else "")


def find(pieces: list[Piece]) -> tuple[int, int, list[Line]]:
    """First and past-last piece of the list, its heading included, and its lines; (0, 0, []) without one."""
    best: tuple[int, int, list[Line]] = (0, 0, [])
    at = 0
    while at < min(len(pieces), _FROM_START):
        lines: list[Line] = []
        end = last = at
        while end < len(pieces):
            texts = [text for text in lines_of(pieces[end]) if text.strip()]
            found = [line for line in map(_line, texts) if line]
            if texts and len(found) < len(texts):
                break
            if not texts and pieces[end].type != "paragraph":
                break
            lines += found
            end += 1
            last = end if found else last
        if len(lines) > len(best[2]):
            best = (at, last, lines)
        at = max(end, at + 1)
    return best if len(best[2]) >= 4 else (0, 0, [])


def leave_out(pieces: list[Piece], report: Report) -> tuple[list[Piece], list[Line], list[Piece]]:
    """The pieces without the list, its lines, and what stood before it (the title page)."""
    start, end, lines = find(pieces)
    if not lines:
        return pieces, [], []
    report.say("contents", pieces[start].key, lines[0].title, count=len(lines))
    before = pieces[:start]
    while before and (_TITLE.fullmatch(before[-1].text) or not before[-1].text.strip()):
        before.pop()
    return pieces[end:], lines, before


def folded(text: str) -> str:
    """For comparing titles: letters and digits only, small."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def listed(text: str, lines: list[Line]) -> Line | None:
    """The line of the list that this text is, numbers aside; small differences of wording are allowed."""
    number = marker(text)
    bare = folded(text[number.length :] if number else text)
    if not bare:
        return None
    for line in lines:
        other = folded(line.title)
        if bare == other or (len(bare) > 12 and fuzz.ratio(bare, other) >= 88):
            return line
    return None

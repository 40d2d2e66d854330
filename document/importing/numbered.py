"""Headings of a text file that carry typed Arabic numbers: 1. Introduction, 2.1 Scope."""

from __future__ import annotations

import re

from document.importing.headings import final, word_count
from document.importing.pieces import Piece

NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})[.)]?[\s\u00a0]+(?=[^\W\d_])")
#: Words of a heading at most, and of what follows it at least.
_SHORT, _TEXT = 12, 12


def _number(piece: Piece) -> tuple[int, ...]:
    """The number of a short line that could be a heading; an empty one for any other piece."""
    text = piece.text.strip()
    match = NUMBERED.match(text)
    if piece.type != "paragraph" or not match or len(text) > 90:
        return ()
    words = text[match.end() :]
    if words[0].islower() or not 1 <= word_count(words) <= _SHORT or final(text) in ".;:,!?":
        return ()
    return tuple(int(part) for part in match[1].split("."))


def _next(last: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """Whether a number counts on from the last: by one at its own depth, or from one a level deeper."""
    if len(number) > len(last):
        return number == (*last, 1)
    return number == (*last[: len(number) - 1], last[len(number) - 1] + 1)


def mark(pieces: list[Piece]) -> None:
    """Give such lines their level: they count on without a gap, and a text or a deeper one follows each.

    Items of a list follow one another, and begin again at 1: they stay what they are.
    """
    numbers = [_number(piece) for piece in pieces]
    found: list[int] = []
    last: tuple[int, ...] = (0,)
    for at, number in enumerate(numbers[:-1]):
        beside = numbers[at - 1] if at else ()
        if not number or not _next(last, number) or (beside and number != (*beside, 1)):
            continue
        following = pieces[at + 1]
        if numbers[at + 1] == (*number, 1) or (not numbers[at + 1] and _is_text(following)):
            found.append(at)
            last = number
    if sum(len(numbers[at]) == 1 for at in found) < 2:
        return
    for at in found:
        pieces[at].level = len(numbers[at])
        pieces[at].style = "plain-heading"


def _is_text(piece: Piece) -> bool:
    return piece.type != "paragraph" or word_count(piece.text) > _TEXT

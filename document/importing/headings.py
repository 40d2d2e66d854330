"""What makes a line look like a heading, and the number that stands before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from document.importing.pieces import Piece, dress

MOST_WORDS = 30
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_MARKERS = (
    ("roman-paren", re.compile(r"\(?([ivxl]{1,6})\)\s*")),
    ("alpha-paren", re.compile(r"\(?([a-z])\)\s*")),
    ("roman", re.compile(r"([IVXL]{1,6})[.:)]\s+")),
    ("alpha", re.compile(r"([A-Z])[.)]\s+")),
    ("decimal", re.compile(r"(\d{1,2}(?:\.\d{1,2})*)[.)]?\s+(?=\D)")),
)
CHAPTER = re.compile(r"(chapter|part|section)\s+(\d{1,2}|[IVXL]{1,6})\b", re.I)
ANNEX = re.compile(r"(annex|annexe|appendix)(\s+([A-Z]|\d{1,2}|[IVXL]{1,5}))?\b\s*[.:–—-]?", re.I)


@dataclass(frozen=True)
class Marker:
    """A typed number: its kind, its text with punctuation, its value, and where the words begin."""

    kind: str
    shown: str
    value: int
    length: int


def roman(text: str) -> int:
    """The value of a Roman numeral; 0 when it is not one in order."""
    total = 0
    digits = [_ROMAN.get(char, 0) for char in text.upper()]
    for position, digit in enumerate(digits):
        total += -digit if position + 1 < len(digits) and digits[position + 1] > digit else digit
    return total if total and written(total) == text.upper() else 0


def written(value: int) -> str:
    """The Roman numeral of 1 to 89."""
    out = ""
    for sign, worth in (("L", 50), ("XL", 40), ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)):
        while value >= worth:
            out += sign
            value -= worth
    return out


def marker(text: str, previous: str = "") -> Marker | None:
    """The number at the beginning; ``previous`` is the last letter counted, so that (i) may follow (h)."""
    for kind, pattern in _MARKERS:
        match = pattern.match(text)
        if not match:
            continue
        value = _value(kind, match[1], previous)
        if value:
            return Marker(kind, match[0].strip(), value, match.end())
    return None


def _value(kind: str, digits: str, previous: str) -> int:
    if kind.startswith("roman"):
        if len(digits) == 1 and previous and ord(digits.lower()) == ord(previous.lower()) + 1:
            return 0
        if len(digits) == 1 and digits.upper() in "LC":
            return 0
        return roman(digits)
    if kind.startswith("alpha"):
        return ord(digits.upper()) - 64
    return int(digits.split(".")[-1])


def final(text: str) -> str:
    """The sign a line ends with, closing quotes and brackets passed over."""
    return text.rstrip().rstrip("”’\"')]»").rstrip()[-1:]


def word_count(text: str) -> int:
    return len(re.findall(r"[^\W_]+(?:['’\-][^\W_]+)*", text))


def is_line(piece: Piece) -> bool:
    """A paragraph that could be a heading: some words, not many, no closing stop."""
    if piece.type != "paragraph" or piece.numbered:
        return False
    text = piece.text.strip()
    count = word_count(text)
    if not 1 <= count <= MOST_WORDS or not re.search(r"[^\W\d_]{2}", text):
        return False
    ends = final(text)
    return ends not in ".;:,!" and not (ends == "?" and not dress(piece.inlines)) and not text.startswith(("“", '"'))


def score(piece: Piece, listed: bool) -> float:
    """How strongly a line looks like a heading; from 2 on it is proposed as one."""
    if not is_line(piece):
        return 0
    text = piece.text.strip()
    points = 3.0 if listed else 0.0
    points += {"strong": 2, "em": 1.5, "_underline": 1, "": 0}[dress(piece.inlines)]
    points += 2 if piece.level or piece.style == "plain-heading" else 0
    points += 1 if text.isupper() and word_count(text) > 1 else 0
    points += 2 if (ANNEX.match(text) and word_count(text) <= 14) or CHAPTER.match(text) else 0
    found = marker(text)
    if found:
        points += 2 if found.kind == "roman" else 0.5
    return points

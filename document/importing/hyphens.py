"""Words that a line's end parted in a text file: put together, or kept with their hyphen; each is told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from document.importing.pieces import Piece
from document.importing.report import Report

#: A letter or digit with a hyphen behind it at a line's end; a soft hyphen says nothing but that.
_PARTED = re.compile(r"([^\W_]+(?:-[^\W_]+)*)([-\u2010\u00ad])$")
_BEGINS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
#: First and second parts that keep their hyphen where the text itself does not tell.
_FIRST = re.compile(r"anti|cross|cyber|evidence|gender|half|non|policy|self|semi|survivor|vice|well", re.IGNORECASE)
_SECOND = re.compile(
    r"aged|based|border|called|centred|driven|free|funded|informed|led|level|like|making|old|related|sensitive"
    r"|specific|term|trafficking|wide"
)
#: “pre- and post-war”: the hyphen stands for what follows later.
_HANGING = frozenset(["and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e"])


@dataclass
class Hyphens:
    """``words`` are those of the text that no line's end parted; ``told`` what was done: code, parts, result."""

    words: frozenset[str]
    told: list[tuple[str, str, str]] = field(default_factory=list)

    @staticmethod
    def of(lines: list[str]) -> Hyphens:
        stripped = [line.rstrip() for line in lines]
        if not any(_PARTED.search(line) for line in stripped):
            return Hyphens(frozenset())
        whole = (_PARTED.sub("", line) for line in stripped)
        return Hyphens(frozenset(word.lower() for line in whole for word in _WORD.findall(line)))

    def joined(self, before: str, after: str) -> str:
        """Two lines of a paragraph as one."""
        parted, begins = _PARTED.search(before), _BEGINS.match(after)
        if not parted or not begins or begins[0].lower() in _HANGING:
            return f"{before} {after}"
        first, second = parted[1], begins[0]
        one = parted[2] == "\u00ad" or self._is_one(first, second)
        word = f"{first}{second}" if one else f"{first}-{second}"
        self.told.append(("hyphen-joined" if one else "hyphen-kept", f"{first}-/{second}", word))
        return f"{before[: parted.start()]}{word}{after[begins.end() :]}"

    def _is_one(self, first: str, second: str) -> bool:
        if not (first[-1].isalpha() and second[0].islower()):
            return False
        if f"{first}-{second}".lower() in self.words:
            return False
        if f"{first}{second}".lower() in self.words:
            return True
        return not _FIRST.fullmatch(first) and not _SECOND.fullmatch(second) and "-" not in first + second

    def say(self, pieces: list[Piece], report: Report) -> None:
        """Tell each with its place. Those of notes, which stand apart, are found by the words that remain."""
        at = 0
        texts = [piece.text for piece in pieces] if self.told else []
        for code, parts, word in self.told:
            at = next((place for place in range(at, len(texts)) if word in texts[place]), at)
            report.say(code, pieces[at].key, f"{parts} → {word}")

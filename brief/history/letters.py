"""A section's text as numbers, one for each letter that was ever written: what comes back gets its old ones.

So words that are taken out and put in again, by undoing or from the history, stay those of who wrote them.
"""

from __future__ import annotations

import json
import re
import struct
from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from document import tree
from document.tree import Node

#: One step: its author's hand, its client, itself and its map.
Row = tuple[int, str, str, str]
#: Signs of what is no letter; no text holds them.
_OPEN, _CLOSE, _LEAF = 1, 2, 3
#: What the server's name begins with in steps that bring back what a moment had.
PREFIX = "moment-"
_CLIENT = re.compile(rf"{PREFIX}(\d{{1,9}})")
#: Letters that are found anywhere in a moment's text; fewer only where they stood, or if they stand there once.
_LONG = 12
#: Moments of which a text is held, the latest.
_MOMENTS = 50
#: Letters taken out one by one that come back at once.
_JOINED = 200


def client(moment: int) -> str:
    """What the server calls itself in steps that bring back what stood in the text after so many steps."""
    return f"{PREFIX}{moment}"


def _moment(name: str) -> int | None:
    found = _CLIENT.fullmatch(name)
    return int(found[1]) if found else None


class Letters:
    """``text``: the numbers of today's positions. By number: ``written`` and ``taken``, the hands that first put it in
    and last took it out (0 is nobody known); ``back``, who brought it back, if it was.
    """

    def __init__(self, doc: Node) -> None:
        self.signs = array("H", [sign for child in tree.children(doc) for sign in _signs(child)])
        self.text = array("I", range(len(self.signs)))
        self.written, self.taken = array("H", bytes(2 * len(self.signs))), array("H", bytes(2 * len(self.signs)))
        self.back: dict[int, int] = {}
        #: Texts of moments from which something is brought back: numbers and, as bytes, signs.
        self._moments: dict[int, tuple[array[int], bytes]] = {}
        #: What was last taken out between two letters: with what had gone beside it before, and alone.
        self._gaps: dict[tuple[int, int], tuple[array[int], array[int]]] = {}

    def follow(self, rows: Iterable[Row], first: int) -> None:
        """Every step after ``first``, in order."""
        steps = list(rows)
        named = {moment for moment in map(_moment, {row[1] for row in steps}) if moment is not None}
        wanted = set(sorted(named)[-_MOMENTS:])
        for version, (hand, name, step, maps) in enumerate(steps, start=first):
            if version in wanted:
                signs = array("H", (self.signs[number] for number in self.text))
                self._moments[version] = (self.text[:], signs.tobytes())
            self._step(hand, _moment(name), step, json.loads(maps))

    def _step(self, hand: int, moment: int | None, step: str, ranges: list[int]) -> None:
        size = sum(ranges[2::3])
        signs = _put(json.loads(step)) if size else array("H")
        if len(signs) != size:
            signs = array("H", [_LEAF]) * size
        # The last range first, so that the others keep their places.
        for at in range(len(ranges) - 3, -1, -3):
            start, old, new = ranges[at : at + 3]
            size -= new
            self._range(hand, moment, start, old, signs[size : size + new])

    def _range(self, hand: int, moment: int | None, start: int, old: int, signs: array[int]) -> None:
        gone, end = self.text[start : start + old], start + old
        left = self.text[start - 1] if start else -1
        right = self.text[end] if end < len(self.text) else -1
        known = self._known(signs, left, right, moment) if signs else None
        for number in gone:
            self.taken[number] = hand
        self.text[start:end] = self._new(signs, hand) if known is None else known
        self.back.update(dict.fromkeys(known or (), hand))
        if gone:
            self._gaps[left, right] = (self._joined(gone, left, right), gone)

    def _new(self, signs: array[int], hand: int) -> array[int]:
        first = len(self.signs)
        self.signs += signs
        self.written += array("H", [hand]) * len(signs)
        self.taken += array("H", [0]) * len(signs)
        return array("I", range(first, first + len(signs)))

    def _joined(self, gone: array[int], left: int, right: int) -> array[int]:
        """With what had gone on either side of it before: a word that was taken out letter by letter."""
        nothing: tuple[array[int], array[int]] = (array("I"), array("I"))
        before, after = self._gaps.get((left, gone[0]), nothing)[0], self._gaps.get((gone[-1], right), nothing)[0]
        return before + gone + after if len(before) + len(gone) + len(after) <= _JOINED else gone

    def _known(self, signs: array[int], left: int, right: int, moment: int | None) -> array[int] | None:
        """The numbers of what comes back; None for what is new."""
        if moment in self._moments and (found := self._stood(signs, left, right, *self._moments[moment])) is not None:
            return found
        gone = self._gaps.get((left, right), ())
        # One letter is typed more often than it is brought back: it is, where that letter alone had gone.
        for numbers in gone if len(signs) > 1 else gone[:1]:
            if len(numbers) == len(signs) and array("H", (self.signs[each] for each in numbers)) == signs:
                return numbers
        return None

    def _stood(self, signs: array[int], left: int, right: int, numbers: array[int], text: bytes) -> array[int] | None:
        """Where these signs stood in a moment's text: between the same letters, or else where they are found."""
        sought, size = signs.tobytes(), len(signs)
        places = [numbers.index(left) + 1] if left in numbers else [] if left >= 0 else [0]
        places += [numbers.index(right) - size] if right in numbers else [] if right >= 0 else [len(numbers) - size]
        for at in places:
            if at >= 0 and text[2 * at : 2 * (at + size)] == sought:
                return numbers[at : at + size]
        found = _found(text, sought)
        at = next(found, -1)
        if at >= 0 and (size >= _LONG or next(found, None) is None):
            return numbers[at : at + size]
        return None


def _found(text: bytes, sought: bytes) -> Iterator[int]:
    """Where a text has these signs; both are two bytes a sign."""
    at = text.find(sought)
    while at >= 0:
        if at % 2 == 0:
            yield at // 2
        at = text.find(sought, at + 1)


def _signs(node: Node) -> Iterator[int]:
    """One sign for each of the positions that a node takes: its letters, or what is no letter."""
    if node["type"] == "text":
        raw = node["text"].encode("utf-16-le", "surrogatepass")
        yield from struct.unpack(f"<{len(raw) // 2}H", raw)
    elif node["type"] in tree.LEAVES:
        yield _LEAF
    else:
        yield _OPEN
        for child in tree.children(node):
            yield from _signs(child)
        yield _CLOSE


def _put(step: dict[str, Any]) -> array[int]:
    """What a step puts into the text."""
    slice_ = step.get("slice") or {}
    signs = array("H", [sign for node in slice_.get("content") or [] for sign in _signs(node)])
    return signs[slice_.get("openStart", 0) : len(signs) - slice_.get("openEnd", 0)]

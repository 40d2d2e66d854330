"""Who made which of a redline's changes: the steps between two texts of a section say who put and who took what."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from brief.history.letters import Letters
from brief.models import Step
from document.diff.hands import Hands
from document.redlines import SectionChange
from document.tree import Node

#: Steps that are followed for one redline; in what is longer nobody is told apart.
MOST = 50_000
#: Hands that fit into what is kept of a position.
_FULL = 65_535
Range = tuple[int, int]
#: Author, time, client, step, map.
_Step = tuple[Any, datetime, str, str, str]


@dataclass
class Writers:
    """The hands of a redline: each is a person on one day, with the last time they wrote."""

    numbers: dict[tuple[Any, date], int] = field(default_factory=dict)
    last: dict[int, tuple[Any, datetime]] = field(default_factory=dict)

    def hand(self, author: Any, at: datetime) -> int:
        key = (author, timezone.localtime(at).date())
        number = self.numbers.setdefault(key, min(len(self.numbers) + 1, _FULL))
        self.last[number] = (author, at)
        return number

    def people(self) -> dict[int, tuple[str, datetime]]:
        """Each hand's name and time; without who is nobody."""
        known = User.objects.in_bulk({author for author, _at in self.last.values() if author})
        return {number: (str(known[who]), at) for number, (who, at) in self.last.items() if who in known}


def read(sections: Iterable[SectionChange], ranges: Mapping[str, Range]) -> tuple[dict[str, Hands], Writers]:
    """What the steps of each section in ``ranges`` (from, to) say of its old and new text; one query."""
    writers = Writers()
    wanted = {each.text.id: each for each in sections if each.text.id in ranges and not each.redline.unchanged}
    steps = _steps({key: ranges[key] for key in wanted})
    found = {}
    for key, section in wanted.items():
        first, last = ranges[key]
        if section.old is not None and section.new is not None and len(steps[key]) == last - first:
            found[key] = followed(section.old.doc, steps[key], writers, first)
    return found, writers


def _steps(ranges: Mapping[str, Range]) -> dict[str, list[_Step]]:
    found: dict[str, list[_Step]] = defaultdict(list)
    if sum(last - first for first, last in ranges.values()) > MOST:
        return found
    asked = Q(pk=None)
    for section, (first, last) in ranges.items():
        if first < last:
            asked |= Q(section=UUID(section), version__gt=first, version__lte=last)
    rows = (
        Step.objects.filter(asked)
        .order_by("version")
        .values_list("section_id", "author_id", "at", "client", "step", "maps")
    )
    for key, author, at, client, step, maps in rows:
        found[str(key)].append((author, at, client, step, maps))
    return found


def followed(old: Node, steps: list[_Step], writers: Writers, first: int) -> Hands:
    """Each position of the old text with who took it away, each of the new one with who put it there.

    What came since and was brought back is of who wrote it; what the old text had, of who brought it back.
    """
    letters = Letters(old)
    size = len(letters.text)
    rows = [(writers.hand(author, at), client, step, maps) for author, at, client, step, maps in steps]
    letters.follow(rows, first)
    came = array("H", (letters.back.get(each, 0) if each < size else letters.written[each] for each in letters.text))
    hands = {hand for hand, *_step in rows}
    return Hands(came, letters.taken[:size], alone=hands.pop() if len(hands) == 1 else 0)

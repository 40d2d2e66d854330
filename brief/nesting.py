"""How sections nest: a list in reading order, each with its depth. A section's own follow it and are deeper.

The rules, whoever moves what: the first has depth 0, nobody is more than one deeper than the one before, nobody is
deeper than ``DEEPEST``, and a section takes those within it along.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from brief.models.sections import DEEPEST

Id = TypeVar("Id", bound=Hashable)
Way = Literal["up", "down", "in", "out"]


@dataclass(frozen=True)
class Entry(Generic[Id]):
    """One section of an outline."""

    id: Id
    depth: int


Entries = list[Entry[Id]]


def end_of(entries: Sequence[Entry[Id]], at: int) -> int:
    """Where the section at ``at`` ends with all that is within it."""
    end = at + 1
    while end < len(entries) and entries[end].depth > entries[at].depth:
        end += 1
    return end


def levelled(entries: Sequence[Entry[Id]]) -> Entries[Id]:
    """The same sections, raised where nothing stands above them."""
    result: Entries[Id] = []
    for entry in entries:
        most = min(DEEPEST, result[-1].depth + 1) if result else 0
        result.append(replace(entry, depth=min(entry.depth, most)))
    return result


def moved(entries: Sequence[Entry[Id]], at: int, place: int, depth: int | None = None) -> Entries[Id]:
    """With the section at ``at`` and what is within it before the ``place``-th of the others.

    ``depth`` is what was asked for; it is kept between what stands before and what comes after, so that nobody
    else's sections change whom they belong to. None: its own.
    """
    end = end_of(entries, at)
    own, rest = list(entries[at:end]), [*entries[:at], *entries[end:]]
    place = max(0, min(place, len(rest)))
    most = min(DEEPEST, rest[place - 1].depth + 1) if place else 0
    least = min(rest[place].depth, most) if place < len(rest) else 0
    wanted = own[0].depth if depth is None else depth
    by = max(least, min(wanted, most)) - own[0].depth
    return levelled([*rest[:place], *(replace(each, depth=each.depth + by) for each in own), *rest[place:]])


def parent_of(entries: Sequence[Entry[Id]], at: int) -> int | None:
    above = (place for place in range(at - 1, -1, -1) if entries[place].depth < entries[at].depth)
    return next(above, None)


def before_of(entries: Sequence[Entry[Id]], at: int) -> int | None:
    """The sibling before."""
    for place in range(at - 1, -1, -1):
        if entries[place].depth <= entries[at].depth:
            return place if entries[place].depth == entries[at].depth else None
    return None


def shifted(entries: Sequence[Entry[Id]], at: int, way: Way) -> Entries[Id] | None:
    """One step up or down among its siblings, in below the one before, or out of where it is; None when it cannot."""
    depth, end = entries[at].depth, end_of(entries, at)
    parent, before = parent_of(entries, at), before_of(entries, at)
    if way == "up":
        goal = before if before is not None else parent
        return None if goal is None else moved(entries, at, goal, entries[goal].depth)
    if way == "in":
        return None if before is None or depth == DEEPEST else moved(entries, at, at, depth + 1)
    if way == "down" and end < len(entries) and entries[end].depth == depth:
        return moved(entries, at, end_of(entries, end) - (end - at), depth)
    # Out, or down from the last place: after everything of the section it stood in.
    return None if parent is None else moved(entries, at, end_of(entries, parent) - (end - at), depth - 1)


def without(entries: Sequence[Entry[Id]], at: int) -> Entries[Id]:
    """With one section gone; what was within it rises into its place."""
    end = end_of(entries, at)
    risen = (replace(each, depth=each.depth - 1) for each in entries[at + 1 : end])
    return levelled([*entries[:at], *risen, *entries[end:]])

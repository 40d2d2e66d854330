"""Sections nest by the same rules whoever moves what, and nobody's section is lost on the way."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from brief import nesting
from brief.models.sections import DEEPEST
from brief.nesting import Entry


def outline(text: str) -> list[Entry[str]]:
    """``A .B ..C D``: one dot for each level."""
    return [Entry(word.lstrip("."), len(word) - len(word.lstrip("."))) for word in text.split()]


def shown(entries: Any) -> str:
    return " ".join("." * each.depth + each.id for each in entries)


def at(entries: list[Entry[str]], name: str) -> int:
    return next(place for place, each in enumerate(entries) if each.id == name)


@pytest.mark.parametrize(
    ("before", "name", "way", "after"),
    [
        ("A .B C", "C", "up", "C A .B"),
        ("A .B C", "A", "down", "C A .B"),
        ("A .B .C", "C", "up", "A .C .B"),
        ("A .B .C", "B", "up", "B A .C"),
        ("A .B ..C .D", "B", "down", "A .D .B ..C"),
        ("A .B .C D", "C", "down", "A .B C D"),
        ("A B .C", "B", "in", "A .B ..C"),
        ("A .B .C", "C", "in", "A .B ..C"),
        ("A .B ..C D", "B", "out", "A B .C D"),
        ("A .B .C", "B", "out", "A .C B"),
    ],
)
def test_one_step_keeps_what_stands_within_and_what_stands_around(before: str, name: str, way: Any, after: str) -> None:
    entries = outline(before)
    found = nesting.shifted(entries, at(entries, name), way)
    assert found is not None
    assert shown(found) == after


@pytest.mark.parametrize(
    ("before", "name", "way"),
    [("A B", "A", "up"), ("A B", "B", "down"), ("A B", "A", "in"), ("A B", "B", "out"), ("A .B ..C ..D", "D", "in")],
)
def test_what_cannot_move_is_told_so(before: str, name: str, way: Any) -> None:
    entries = outline(before)
    assert nesting.shifted(entries, at(entries, name), way) is None


def test_a_drop_never_takes_away_the_sections_of_another() -> None:
    entries = outline("A .B .C X")
    # Between B and C, however far out it was let go, X belongs to A.
    assert shown(nesting.moved(entries, 3, 2, 0)) == "A .B .X .C"
    assert shown(nesting.moved(entries, 3, 2, 2)) == "A .B ..X .C"
    assert shown(nesting.moved(entries, 3, 0, 2)) == "X A .B .C"


def test_what_is_removed_leaves_its_own_one_level_higher() -> None:
    assert shown(nesting.without(outline("P A .B ..C D"), 1)) == "P B .C D"


@pytest.mark.parametrize("seed", range(20))
def test_after_any_moves_the_rules_hold_and_everybody_is_there(seed: int) -> None:
    chance = random.Random(seed)
    entries = nesting.levelled([Entry(str(n), chance.randint(0, 3)) for n in range(12)])
    for _move in range(40):
        place = chance.randrange(len(entries))
        own = {each.id for each in entries[place : nesting.end_of(entries, place)]}
        if chance.random() < 0.5:
            result = nesting.shifted(entries, place, chance.choice(["up", "down", "in", "out"])) or entries
        else:
            result = nesting.moved(entries, place, chance.randint(0, 12), chance.randint(0, 3))
        assert {each.id for each in result} == {str(n) for n in range(12)}
        assert len(result) == 12
        depths = [each.depth for each in result]
        assert depths[0] == 0
        assert all(later <= before + 1 for before, later in itertools.pairwise(depths))
        assert max(depths) <= DEEPEST
        # What stood within stands there still, all in one piece.
        new = at(result, entries[place].id)
        assert {each.id for each in result[new : new + len(own)]} == own
        entries = result

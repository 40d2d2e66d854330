"""The Sustainable Development Goals and the numbers of their targets (S3-8; A/RES/70/1)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

GOALS = {
    1: _("No poverty"),
    2: _("Zero hunger"),
    3: _("Good health and well-being"),
    4: _("Quality education"),
    5: _("Gender equality"),
    6: _("Clean water and sanitation"),
    7: _("Affordable and clean energy"),
    8: _("Decent work and economic growth"),
    9: _("Industry, innovation and infrastructure"),
    10: _("Reduced inequalities"),
    11: _("Sustainable cities and communities"),
    12: _("Responsible consumption and production"),
    13: _("Climate action"),
    14: _("Life below water"),
    15: _("Life on land"),
    16: _("Peace, justice and strong institutions"),
    17: _("Partnerships for the goals"),
}
#: Goal → how many targets are numbered, and the letters of those that say how.
_TARGETS = {
    1: (5, "ab"),
    2: (5, "abc"),
    3: (9, "abcd"),
    4: (7, "abc"),
    5: (6, "abc"),
    6: (6, "ab"),
    7: (3, "ab"),
    8: (10, "ab"),
    9: (5, "abc"),
    10: (7, "abc"),
    11: (7, "abc"),
    12: (8, "abc"),
    13: (3, "ab"),
    14: (7, "abc"),
    15: (9, "abc"),
    16: (10, "ab"),
    17: (19, ""),
}
#: All 169, as they are cited: ``8.7``, ``16.a``.
TARGETS = frozenset(
    f"{goal}.{each}" for goal, (count, letters) in _TARGETS.items() for each in [*range(1, count + 1), *letters]
)


def ordered(tags: Iterable[str]) -> list[str]:
    """Goals and targets in the order of the agenda, each once; a target brings its goal."""
    every = {part for tag in tags for part in (tag, tag.partition(".")[0])}
    return sorted(every, key=_place)


def _place(tag: str) -> tuple[int, bool, int, str]:
    goal, dot, target = tag.partition(".")
    return int(goal), bool(dot), int(target) if target.isdigit() else 99, target


def described(tags: Iterable[str]) -> list[tuple[str, str, list[str]]]:
    """``(goal, its name, its targets that are tagged)`` of each goal."""
    rows: dict[str, list[str]] = {}
    for tag in ordered(tags):
        goal, dot, _target = tag.partition(".")
        rows.setdefault(goal, []).extend([tag] if dot else [])
    return [(goal, str(GOALS[int(goal)]), targets) for goal, targets in rows.items()]

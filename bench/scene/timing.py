"""Whether two kinds of requests can be told apart by how long they take."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

#: Of the two-sample Kolmogorov–Smirnov test at a level of one in a thousand.
COEFFICIENT = 1.949


def distance(first: Sequence[float], second: Sequence[float]) -> float:
    """The greatest difference of the two empirical distributions (Kolmogorov–Smirnov D), 0 to 1."""
    one, two = sorted(first), sorted(second)
    place_one = place_two = 0
    greatest = 0.0
    while place_one < len(one) and place_two < len(two):
        value = min(one[place_one], two[place_two])
        while place_one < len(one) and one[place_one] <= value:
            place_one += 1
        while place_two < len(two) and two[place_two] <= value:
            place_two += 1
        greatest = max(greatest, abs(place_one / len(one) - place_two / len(two)))
    return greatest


def critical(first: int, second: int) -> float:
    """Two samples of one distribution lie farther apart than this once in a thousand times."""
    return COEFFICIENT * math.sqrt((first + second) / (first * second))


def alternate(known: Callable[[], float], unknown: Callable[[], float], pairs: int) -> tuple[list[float], list[float]]:
    """Seconds of both, asked in turns and in random order, so that the machine's moods meet both alike."""
    source = random.Random(20261122)  # noqa: S311 - an order, no secret
    one: list[float] = []
    two: list[float] = []
    for _pair in range(pairs):
        if source.random() < 0.5:
            one.append(known())
            two.append(unknown())
        else:
            two.append(unknown())
            one.append(known())
    return one, two

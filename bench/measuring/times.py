"""Milliseconds of requests, one at a time, after a warm-up; a figure for the median, one for the 95th percentile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from bench.client import Answer
from bench.figures import Figure, at_most, median, p95

Key = TypeVar("Key")
#: Asked so often before anything counts: processes load what they keep.
WARM = 12


class NotAnswered(RuntimeError):
    """A request that was to be measured was refused; the message has its status."""


class Timed(list[float]):
    """Milliseconds."""

    @property
    def median(self) -> float:
        return median(self)

    @property
    def p95(self) -> float:
        return p95(self)


def check(answer: Answer, wanted: tuple[int, ...] = (200,)) -> Answer:
    if answer.status not in wanted:
        raise NotAnswered(f"{answer.status} instead of {wanted}: {answer.text[:300]}")
    return answer


def timed(ask: Callable[[], Answer], repeats: int, *, wanted: tuple[int, ...] = (200,), warm: int = WARM) -> Timed:
    """One request after the other."""
    for _ in range(warm):
        check(ask(), wanted)
    return Timed(check(ask(), wanted).seconds * 1000 for _ in range(repeats))


def interleaved(asks: Mapping[Key, Callable[[], float]], repeats: int, *, warm: int = WARM) -> dict[Key, Timed]:
    """Several things in turn, so that what slows the machine for a while slows them alike. Asks give milliseconds."""
    for ask in asks.values():
        for _ in range(warm):
            ask()
    taken: dict[Key, Timed] = {key: Timed() for key in asks}
    for _ in range(repeats):
        for key, ask in asks.items():
            taken[key].append(ask())
    return taken


def summary(
    name: str,
    taken: Sequence[float],
    *,
    gate: float | None,
    target: float | None = None,
    p95_gate: float | None = None,
    p95_target: float | None = None,
    note: str = "",
) -> Iterator[Figure]:
    """``<name>.median`` and ``<name>.p95``, in milliseconds."""
    told = ", ".join(filter(None, [f"of {len(taken)}", note]))
    yield at_most(f"{name}.median", median(taken), "ms", gate=gate, target=target, note=told)
    yield at_most(f"{name}.p95", p95(taken), "ms", gate=p95_gate, target=p95_target, note=told)

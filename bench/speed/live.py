"""Five thousand people leave their page open, a thousand of them on one brief: one process carries them.

Guards the live process: memory for each idle stream, after three rounds of asking for everybody's rights again;
and how long a hint takes to a thousand streams, from the notification to the last of them. Kilobytes (1,000 bytes)
of proportional memory; milliseconds. Every stream has a session of its own. SPEED: "Live events".

Broken on purpose: with 100,000 bytes kept for each stream (a field of ``config.live.Stream``) it printed
live.memory 117 kB; with ``config.rights.AT_ONCE = 1`` (one session after the other) live.recheck 4.5 % of a core
for 500 streams, where it was 1.75 %.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import psutil

from bench.client import SESSION
from bench.figures import Figure, at_most
from bench.filling import fill
from bench.measuring import summary
from bench.measuring.listening import Listeners
from bench.stack import Stack

if TYPE_CHECKING:
    from config.filling import Filled

STREAMS, OF_ONE_BRIEF, BRIEFS = 5000, 1000, 5
#: Seconds: three rounds of ``config.live.RECHECK``.
IDLE = 45.0


def run(stack: Stack) -> Iterable[Figure]:
    part = stack.processes["live"]
    part.restart()
    each = stack.times(OF_ONE_BRIEF)
    first = fill(words=200, authors=10, versions=0, reviewers=0)
    briefs = [first, *(fill(words=200, versions=0, reviewers=0, people=first.people) for _ in range(BRIEFS - 1))]
    with Listeners(stack.live) as crowd:
        warm = crowd.open(_asks(stack, first, 10))
        empty = part.memory
        streams = [crowd.open(_asks(stack, made, each)) for made in briefs]
        idle = max(IDLE * min(1.0, each / OF_ONE_BRIEF), 16.0)
        before = _seconds_of_work(part.pids())
        time.sleep(idle)
        spent = _seconds_of_work(part.pids()) - before
        count = sum(map(len, streams))
        note = f"{count:,} streams in one process"
        yield at_most("live.memory", (part.memory - empty) / count / 1000, "kB", gate=50, target=50, note=note)
        idle = max(IDLE * min(1.0, each / OF_ONE_BRIEF), 16.0)
        yield at_most(
            "live.recheck", spent / idle * 100, "% of a core", gate=25, target=None, note="while all are idle"
        )
        crowd.drain()
        taken = [_fan_out(crowd, [*streams[0], *warm], first, turn) for turn in range(stack.times(50))]
        yield from summary("live.fan_out", taken, gate=100, target=100, note=f"to {len(streams[0]):,} streams")


def _asks(stack: Stack, made: Filled, count: int) -> list[tuple[str, str]]:
    """A session each, of the brief's authors in turn."""
    from bench.stack.people import session

    people = made.authors
    path = f"/live/?brief={made.brief.pk}"
    return [(path, f"{SESSION}={session(people[place % len(people)])}") for place in range(count)]


def _fan_out(crowd: Listeners, streams: list[object], made: Filled, turn: int) -> float:
    from ledger.live import notify

    began = time.perf_counter()
    notify("section", scope=made.brief.pk, section=f"turn-{turn}", version=turn)
    crowd.wait_for(streams, f"turn-{turn}".encode())  # type: ignore[arg-type]
    taken = (time.perf_counter() - began) * 1000
    time.sleep(0.05)
    return taken


def _seconds_of_work(pids: list[int]) -> float:
    spent = 0.0
    for pid in pids:
        times = psutil.Process(pid).cpu_times()
        spent += times.user + times.system
    return spent

"""`make demo` is up soon: from the command until every part answers, with the packages present.

Guards the first start (database made, example loaded) and a later one. Seconds. SPEED: "First start of the demo".
The demonstration gets a folder and a port of its own and is ended afterwards.

Broken on purpose: with a ``time.sleep(70)`` in ``config.management.commands.prepare_demo`` it printed
demo_start.first above 70 s and missed its gate.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench.figures import Figure, at_most, median
from bench.measuring.demonstration import Demonstration
from bench.stack import Stack


def run(stack: Stack) -> Iterable[Figure]:
    folder = stack.folder / "demonstration"
    with Demonstration(folder) as first:
        yield at_most("demo_start.first", first.seconds, "s", gate=60, target=60, note="packages present, no data")
    later = []
    for _ in range(stack.times(3)):
        with Demonstration(folder) as again:
            later.append(again.seconds)
    yield at_most("demo_start.later", median(later), "s", gate=8, target=8, note=f"of {len(later)}, data there")

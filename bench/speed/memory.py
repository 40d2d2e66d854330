"""What everything holds while nobody asks: the demonstration's processes, and production's one by one.

Guards idle memory. Megabytes (proportional set size: shared pages are counted once), fifteen seconds after the
start. SPEED: "idle memory of all processes".

Broken on purpose: with ``bytearray(400_000_000)`` kept by ``config.apps`` it printed memory.demonstration above
1,500 MB and missed its gate.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from bench.figures import Figure, at_most
from bench.measuring.demonstration import Demonstration
from bench.stack import Stack

#: Seconds after the start: imports are done, the first sweep is over.
SETTLED = 15


def run(stack: Stack) -> Iterable[Figure]:
    with Demonstration(stack.folder / "demonstration") as running:
        time.sleep(SETTLED)
        yield at_most("memory.demonstration", running.memory / 1e6, "MB", gate=600, target=600, note="all processes")
    for name, part in stack.processes.items():
        yield at_most(f"memory.{name}", part.memory / 1e6, "MB", note="in production, after the programs before")

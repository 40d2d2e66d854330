"""How fast this machine is just now, beside the one that the gates in milliseconds were set on.

On a shared machine a neighbour moves every millisecond by a third and more, and an hour later they are all back.
So the same small work that knows nothing of the product is measured before each program of speed: Python
that makes and drops many objects, and questions to PostgreSQL that hold nothing. ``pace`` is how much longer that
takes than it did on the reference (docs/performance.md), never below 1 and at most 2: a machine twice as slow is
another machine. It is told beside the figures and decides nothing.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable

import psycopg

from bench.figures import median
from bench.stack import Stack

#: Milliseconds on the reference when it was quiet: 2 cores of AMD EPYC, Python 3.11.
OBJECTS, TRIP = 2.25, 0.09
SLOWEST = 2.0
_TREE = [
    {"name": f"row {n}", "values": list(range(20)), "of": {str(k): [k, None, "é"] for k in range(12)}}
    for n in range(250)
]


def pace(stack: Stack) -> float:
    """About half a second of work."""
    objects = _milliseconds(lambda: json.loads(json.dumps(_TREE)), 100)
    with psycopg.connect(stack.environment["DATABASE_URL"], autocommit=True) as connection:
        trip = _milliseconds(lambda: connection.execute("SELECT 1").fetchone(), 400)
    slower = math.sqrt(objects / OBJECTS * trip / TRIP)
    return min(SLOWEST, max(1.0, slower))


def _milliseconds(work: Callable[[], object], repeats: int) -> float:
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)

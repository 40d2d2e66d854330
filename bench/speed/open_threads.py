"""The conversation beside a text: any page of 5,000 threads, and any one thread, at the price of the first page.

Guards the queries of the conversation: the first page, the last one, one thread by its address, and a page after
150 steps of which the anchors know nothing yet. Milliseconds; queries. SPEED: "threads alone" (0 … 5,000).

Broken on purpose: with a query of its own for what each thread says (a loop over rows in ``brief.conversation._said``)
it printed open_threads.queries 31 and open_threads.growth 2.11, above 30 and 1.5.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bench.figures import Figure, at_most
from bench.filling import fill
from bench.measuring import interleaved, queries, summary
from bench.measuring.times import check
from bench.measuring.typing import Writer
from bench.stack import Stack

if TYPE_CHECKING:
    from config.filling import Filled

SIZES = (0, 100, 1000, 5000)
UNKNOWN_STEPS = 150


def run(stack: Stack) -> Iterable[Figure]:
    from brief.conversation import SHOWN

    made = {size: fill(words=5000, threads=size, versions=0, reviewers=0) for size in SIZES}
    most = made[max(SIZES)]
    asks = {f"{size}": _page(stack, each) for size, each in made.items()}
    asks["last_page"] = _page(stack, most, f"?page={math.ceil(len(most.threads) / SHOWN)}")
    asks["one_thread"] = _page(stack, most, f"?thread={most.threads[-1].pk}")
    taken = interleaved(asks, stack.times(200))
    for name in asks:
        yield from summary(f"open_threads.{name}", taken[name], gate=40, target=15)
    growth = taken[f"{max(SIZES)}"].median / taken["0"].median
    yield at_most("open_threads.growth", growth, "times", gate=1.5, target=1.2, note="5,000 threads against none")
    counted = [queries(stack.client(each.lead), "GET", _path(each)) for each in made.values()]
    yield at_most("open_threads.queries", max(counted), "queries", gate=30, target=12)
    yield from summary("open_threads.after_steps", _after_steps(stack, most), gate=40, target=15)


def _path(made: Filled, query: str = "") -> str:
    return f"/write/{made.brief.pk}/sections/{made.section.pk}/{query}"


def _page(stack: Stack, made: Filled, query: str = "") -> Callable[[], float]:
    client, path = stack.client(made.lead), _path(made, query)
    return lambda: check(client.get(path)).seconds * 1000


def _after_steps(stack: Stack, made: Filled) -> list[float]:
    from document.engine import engine

    writer = Writer(stack.client(made.lead), made.section, engine().schema_version)
    for _ in range(stack.times(UNKNOWN_STEPS)):
        check(writer.type())
    return interleaved({"after": _page(stack, made)}, stack.times(100))["after"]

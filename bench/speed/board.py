"""The review editor's board and the authors' answers cost the same with 10, 100 and 1,000 items.

Guards both lists: a page of invitations with their figures, and a page of comments beside today's words.
Milliseconds; queries; kilobytes (1,000 bytes) compressed. SPEED: "Board with 10 / 100 / 1,000 items".

Broken on purpose: with ``review.board.SHOWN = 10_000`` (all on one page) it printed board.growth 6.4 and
board.bytes 49.2 kB, above 1.5 and 20.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bench.figures import Figure, at_most
from bench.filling import fill
from bench.measuring import compressed, interleaved, queries, summary
from bench.measuring.times import check
from bench.stack import Stack

if TYPE_CHECKING:
    from config.filling import Filled

SIZES = (10, 100, 1000)
GATE, TARGET = 40.0, 15.0


def run(stack: Stack) -> Iterable[Figure]:
    made = {size: fill(words=5000, reviewers=size, comments=size) for size in SIZES}
    asks: dict[str, Callable[[], float]] = {}
    for size, each in made.items():
        asks[f"{size}"] = _ask(stack, each, each.editor, _board(each))
        asks[f"{size}_answers"] = _ask(stack, each, each.lead, _answers(each))
    taken = interleaved(asks, stack.times(200))
    for name in asks:
        # A page of answers is of 25 comments beside today's text: the gate is the board's.
        yield from summary(f"board.{name}", taken[name], gate=None if "answers" in name else GATE, target=TARGET)
    # Against 100: ten rows are fewer than a page has.
    for name in ("", "_answers"):
        growth = taken[f"1000{name}"].median / taken[f"100{name}"].median
        yield at_most(f"board{name}.growth", growth, "times", gate=1.5, target=1.2, note="1,000 items against 100")
    most = made[max(SIZES)]
    client = stack.client(most.editor)
    yield at_most("board.queries", queries(client, "GET", _board(most)), "queries", gate=None, target=12)
    yield at_most(
        "board.bytes", compressed(client.get(_board(most)).body), "kB", gate=None, target=20, note="compressed"
    )


def _board(made: Filled) -> str:
    assert made.round is not None
    return f"/review/{made.round.pk}/manage/"


def _answers(made: Filled) -> str:
    assert made.round is not None
    return f"/review/{made.round.pk}/answers/"


def _ask(stack: Stack, made: Filled, person: object, path: str) -> Callable[[], float]:
    client = stack.client(person)
    return lambda: check(client.get(path)).seconds * 1000

"""Opening a section of 5,000 words for writing costs the same with 5,000 threads as with none.

Guards the writing room's first answer: the page (with its first threads, their places, what other sections offer)
and the text that the editor then asks for, as one person waits for both. Milliseconds, median and 95th percentile;
kilobytes (1,000 bytes) compressed; queries. SPEED: "Open a 5,000-word text with 0 / 100 / 1,000 / 5,000 comments".

Broken on purpose: with ``brief.conversation.SHOWN = 300`` (300 threads on a page instead of 20) it printed
open_section.growth 1.98 and open_section.bytes 53.7 kB, above 1.5 and 40.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bench.figures import Figure, at_most
from bench.filling import fill
from bench.measuring import compressed, interleaved, queries, summary
from bench.measuring.times import check
from bench.stack import Stack

if TYPE_CHECKING:
    from config.filling import Filled

SIZES = (0, 100, 1000, 5000)


def run(stack: Stack) -> Iterable[Figure]:
    made = {size: fill(words=5000, threads=size, versions=0, reviewers=0) for size in SIZES}
    rooms = {size: _Room(stack, each) for size, each in made.items()}
    taken = interleaved({size: room.open for size, room in rooms.items()}, stack.times(200))
    for size in SIZES:
        yield from summary(f"open_section.{size}", taken[size], gate=40, target=15, note="page and text")
    growth = taken[5000].median / taken[0].median
    yield at_most("open_section.growth", growth, "times", gate=1.5, target=1.2, note="5,000 threads against none")
    most = rooms[5000]
    yield at_most("open_section.queries", max(room.queries() for room in rooms.values()), "queries", gate=30, target=12)
    yield at_most("open_section.bytes", compressed(*most.last), "kB", gate=None, target=40, note="compressed")


class _Room:
    """One section, opened by its lead author."""

    def __init__(self, stack: Stack, made: Filled) -> None:
        self.client = stack.client(made.lead)
        self.path = f"/write/{made.brief.pk}/sections/{made.section.pk}/"
        self.last: tuple[bytes, bytes] = (b"", b"")

    def open(self) -> float:
        page = check(self.client.get(self.path))
        text = check(self.client.get(f"{self.path}document"))
        self.last = (page.body, text.body)
        return (page.seconds + text.seconds) * 1000

    def queries(self) -> int:
        return queries(self.client, "GET", self.path)

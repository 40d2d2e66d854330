"""Three people at work on one brief, for as long as a program needs them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bench.filling import fill
from bench.writing.ledger import Ledger
from bench.writing.writers import Commenter, Saver, Writer

if TYPE_CHECKING:
    from bench.stack import Part, Stack


@contextlib.contextmanager
def writing(stack: Stack, name: str, *, pause: float = 0.0) -> Iterator[tuple[Ledger, list[Writer]]]:
    """Two savers and a commenter at work, each in a section of their own; they finish at the end."""
    made = fill(words=120, sections=3, reviewers=0, versions=0)
    people = [*made.authors, made.lead]
    ledger = Ledger(stack.folder / "ledgers" / f"kills-{name}")
    writers: list[Writer] = [
        Saver(stack.client(people[0]), made.sections[0], ledger, f"{name}-anna", pause=pause),
        Saver(stack.client(people[1]), made.sections[1], ledger, f"{name}-ben", pause=pause),
        Commenter(stack.client(people[2]), made.sections[2], ledger, f"{name}-cleo", pause=pause),
    ]
    for writer in writers:
        writer.begin()
    try:
        yield ledger, writers
    finally:
        for writer in writers:
            writer.finish()


def until_all_go_on(
    writers: Sequence[Writer], since: float, *, engine: Part | None = None, most: float = 90.0
) -> float:
    """Seconds from ``since`` until each was told yes again. What has ended is started, as its container would be."""
    while True:
        if engine is not None:
            engine.start()
        if all(writer.last_yes > since for writer in writers):
            return max(writer.last_yes for writer in writers) - since
        if time.monotonic() - since > most:
            raise RuntimeError(f"no answer for {most:g} s: {[dict(each.tries) for each in writers]}")
        time.sleep(0.005)

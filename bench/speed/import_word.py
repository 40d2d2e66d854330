"""A Word file of 35,000 words becomes a proposed outline, and the outline becomes sections, while somebody waits.

Guards the whole way through the page: upload, the converter's job, the outline's page, the confirmation. Seconds,
median and slowest. SPEED: "Import DOCX, 150 pages"; its target is for the reading alone.

Broken on purpose: with a ``time.sleep(9)`` in ``document.importing.read`` it printed import_word.total.median
above 10 s and missed its gate.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.client import Client
from bench.figures import Figure, at_least, at_most, median
from bench.filling import fill
from bench.measuring.reports import report, said
from bench.measuring.times import check
from bench.stack import Stack

if TYPE_CHECKING:
    from config.filling import Filled

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Words of the report that must arrive: a quick import of half of it is none.
LEAST = 30_000


@dataclass(frozen=True)
class _Import:
    reading: float
    page: float
    confirming: float
    words: int

    @property
    def total(self) -> float:
        return self.reading + self.page + self.confirming


def run(stack: Stack) -> Iterable[Figure]:
    name, content = report()
    done = [_import(stack, name, content) for _ in range(stack.times(5))]
    note = f"of {len(done)}, {said(name)}"
    total = [each.total for each in done]
    yield at_most("import_word.total.median", median(total), "s", gate=8, target=2, note=note)
    yield at_most("import_word.total.slowest", max(total), "s", note=note)
    for part in ("reading", "page", "confirming"):
        yield at_most(f"import_word.{part}.median", median([getattr(each, part) for each in done]), "s", note=note)
    yield at_least("import_word.words", min(each.words for each in done), "words", gate=LEAST, note="in the sections")


def _import(stack: Stack, name: str, content: bytes) -> _Import:
    made = fill(words=60, versions=0, reviewers=0)
    client = stack.client(made.lead)
    above = f"/write/{made.brief.pk}/import/"
    began = time.perf_counter()
    sent = check(client.post(above, {}, files={"file": (name, content, DOCX)}), (302,))
    path = sent.headers["location"]
    _wait(client, path)
    read = time.perf_counter()
    check(client.get(path))
    shown = time.perf_counter()
    check(client.follow(check(client.post(f"{path}confirm/", {}), (302,))))
    _until_written(made)
    return _Import(read - began, shown - read, time.perf_counter() - shown, _words(made))


def _wait(client: Client, path: str) -> None:
    """Ask for the progress as the page does, only more often."""
    end = time.monotonic() + 120
    while "hx-refresh" not in check(client.get(f"{path}progress/")).headers:
        if time.monotonic() > end:
            raise TimeoutError("the file was not read within two minutes")
        time.sleep(0.05)


def _until_written(made: Filled) -> None:
    """At once where the confirmation writes, some moments later where a job does."""
    from brief.models import ImportDraft
    from brief.states import ImportState

    end = time.monotonic() + 120
    while not ImportDraft.objects.filter(brief=made.brief, status=ImportState.TAKEN).exists():
        if time.monotonic() > end:
            raise TimeoutError("the outline was not written within two minutes")
        time.sleep(0.02)


def _words(made: Filled) -> int:
    from brief import texts
    from brief.models import Section
    from document import tree

    rows = Section.objects.filter(brief=made.brief)
    return sum(tree.words(texts.document(section)) for section in rows)

"""From a frozen version to a candidate that can be signed: pages, PDF, Word, EPUB, ZIP, gates, manifest.

Guards the converter's job at 30 and 150 pages and for the 35,000-word report, measured from the moment somebody
asks until the candidate is in clearance, and the renderers alone in this process. Seconds; megabytes are the
converter's largest proportional set size above its rest. SPEED: "PDF, 30 / 150 pages", "DOCX / EPUB, 150 pages",
"Whole candidate".

Broken on purpose: with a ``time.sleep(12)`` in ``document.artefacts.build`` it printed export_release.report
above 13 s and missed its gate; with a gate that raises, it said that no candidate was ready.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pikepdf
import psutil

from bench.figures import Figure, at_least, at_most, median
from bench.filling import fill
from bench.measuring.reports import report, said
from bench.stack import Stack
from bench.stack.parts import Part

if TYPE_CHECKING:
    from brief.models import Brief, Version
    from config.filling import Filled

#: Words that fill so many pages of our PDF; the figure's note has the pages counted.
WORDS = {30: 11_500, 150: 66_000}
TARGETS: dict[str, dict[int, float]] = {"pdf": {30: 0.6, 150: 1.8}, "docx": {150: 0.8}, "epub": {150: 1.5}}


def run(stack: Stack) -> Iterable[Figure]:
    converter = stack.processes["converter"]
    for pages, words in WORDS.items():
        made = fill(words=words, sections=12, versions=1, reviewers=0)
        assert made.version is not None
        yield from _renderers(made.version, pages, stack.times(3))
        taken, peak = _built(stack, converter, made.brief, made.version, made)
        yield at_most(f"export_release.{pages}.candidate", taken, "s", target=4.5 if pages == 150 else None)
        yield at_most(f"export_release.{pages}.memory", peak, "MB", gate=500 if pages == 150 else None, target=500)
    name, content = report()
    made = fill(words=60, versions=0, reviewers=0)
    version = _imported(made, name, content)
    taken, peak = _built(stack, converter, made.brief, version, made)
    yield at_most("export_release.report", taken, "s", gate=10, target=4.5, note=said(name))
    yield at_most("export_release.report.memory", peak, "MB", gate=500, target=500, note=said(name))


def _renderers(version: Version, pages: int, repeats: int) -> Iterable[Figure]:
    """Each format alone, from the assembled publication to checked bytes."""
    from brief import publications
    from document import pdfcheck, typst
    from document.assembly import assemble
    from document.pandoc import epub
    from document.word import docx

    assembly = assemble(publications.of_version(version))
    made: dict[str, bytes] = {}

    def pdf() -> None:
        made["pdf"] = typst.pdf(assembly)
        if wrong := pdfcheck.check(made["pdf"]):
            raise RuntimeError(f"the PDF is not valid: {wrong[:3]}")

    ways: dict[str, Callable[[], Any]] = {"pdf": pdf, "docx": lambda: docx(assembly), "epub": lambda: epub(assembly)}
    for kind, make in ways.items():
        taken = [_seconds(make) for _ in range(repeats)]
        target = TARGETS[kind].get(pages)
        yield at_most(f"export_release.{pages}.{kind}", median(taken), "s", target=target, note=f"of {repeats}")
    with pikepdf.open(io.BytesIO(made["pdf"])) as opened:
        counted = len(opened.pages)
    yield at_least(f"export_release.{pages}.pages", counted, "pages", gate=pages * 0.9)


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _imported(made: Filled, name: str, content: bytes) -> Version:
    """The report in the brief, frozen."""
    from brief.actions import confirm_import, freeze, upload_draft
    from brief.models import ImportDraft
    from brief.states import ImportState, OrderDraft
    from ledger import jobs
    from ledger.models import Job

    draft = upload_draft(actor=made.lead, brief=made.brief, content=content, name=name)
    job = Job.objects.get(key=f"draft.read:{draft.pk}")
    end = time.monotonic() + 120
    while (draft := ImportDraft.objects.get(pk=draft.pk)).status == ImportState.READING:
        if time.monotonic() > end:
            raise TimeoutError("the report was not read")
        jobs.run(job.pk)
        time.sleep(0.05)
    confirm_import(actor=made.lead, draft=draft)
    version: Version = freeze(actor=made.editor, brief=made.brief, order_draft=OrderDraft.FINAL)
    return version


def _built(stack: Stack, converter: Part, brief: Brief, version: Version, made: Filled) -> tuple[float, float]:
    """Seconds until the candidate is in clearance, and the megabytes that took."""
    from release.actions import build_candidate
    from release.models import Release
    from release.states import ReleaseState

    with _Watch(converter) as watch:
        began = time.perf_counter()
        release = build_candidate(actor=made.editor, brief=brief, version=version)
        while (state := Release.objects.values_list("status", flat=True).get(pk=release.pk)) == ReleaseState.BUILDING:
            if time.perf_counter() - began > 180:
                raise TimeoutError("the candidate was not built within three minutes")
            time.sleep(0.02)
        taken = time.perf_counter() - began
    if state != ReleaseState.CLEARANCE:
        raise RuntimeError(f"no candidate is ready: {state}, {Release.objects.get(pk=release.pk).sentence}")
    return taken, watch.most / 1e6


class _Watch:
    """The most memory of a part and of everything below it, asked ten times a second."""

    def __init__(self, part: Part) -> None:
        self.part, self.most = part, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            try:
                self.most = max(self.most, self.part.memory)
            except psutil.Error:
                continue

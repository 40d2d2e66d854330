"""What the database says to the ledger: each entry exactly once, and nothing by halves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.writing.ledger import Ledger

if TYPE_CHECKING:
    from bench.writing.writers import Writer


@dataclass
class Verdict:
    """Counts, and an example of each kind of trouble for the log."""

    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    half: int = 0
    examples: list[str] = field(default_factory=list)

    def blame(self, what: str, writer: str, marker: str, count: int) -> None:
        setattr(self, what, getattr(self, what) + 1)
        if len(self.examples) < 10:
            self.examples.append(f"{what}: {writer} {marker} is there {count} times")


def judge(ledger: Ledger, writers: Sequence[Writer]) -> Verdict:
    """Compare. Call it when the writers have finished; it reads texts anew from rows, not from memory."""
    from bench.stack.people import fresh_connections

    fresh_connections()
    verdict = Verdict()
    entries = ledger.entries()
    by_name = {writer.name: writer for writer in writers}
    for name, writer in by_name.items():
        known = {entry.marker: entry for entry in entries if entry.writer == name}
        stored = _stored(writer)
        for marker in known:
            verdict.acknowledged += 1
            count = stored.pop(marker, 0)
            if count == 0:
                verdict.blame("lost", name, marker, count)
            elif count < writer.parts:
                verdict.blame("half", name, marker, count)
            elif count > writer.parts:
                verdict.blame("doubled", name, marker, count)
        for marker, count in stored.items():
            # Stored and never acknowledged: only what was under way at the end, and that whole.
            if marker != writer.open or count != writer.parts:
                verdict.blame("doubled" if count > writer.parts else "half", name, marker, count)
    return verdict


def _stored(writer: Writer) -> Counter[str]:
    """Marker → how often it stands in the database."""
    from bench.writing.writers import Saver

    return _typed(writer) if isinstance(writer, Saver) else _said(writer)


def _typed(writer: Writer) -> Counter[str]:
    from brief.models import Section, Step
    from document.engine import engine

    section = Section.objects.get(pk=writer.section.pk)  # type: ignore[attr-defined]
    rows = list(Step.objects.filter(section=section).order_by("version").values_list("version", "step"))
    if [version for version, _step in rows] != list(range(1, section.version + 1)):
        raise RuntimeError(f"the versions of {writer.name}'s section have gaps")
    late = [step for version, step in rows if version > section.snapshot_version]
    text = engine().replay(section.snapshot, late) if late else section.snapshot
    found: Counter[str] = Counter()
    for _version, step in rows:
        found.update(_markers(step, writer.name))
    shown: Counter[str] = Counter()
    shown.update(_markers(text, writer.name))
    if found != shown:
        raise RuntimeError(f"the text of {writer.name}'s section is not what its steps say")
    return found


def _markers(text: str, name: str) -> list[str]:
    import re

    return [match[1] for match in re.finditer(rf"\b({re.escape(name)}x[0-9a-f]{{12}})n\d\b", text)]


def _said(writer: Writer) -> Counter[str]:
    """A comment is whole with its thread and its event."""
    from brief.models import Comment
    from ledger.models import Event

    rows = list(Comment.objects.filter(body__startswith=f"{writer.name}x").values_list("body", "thread_id"))
    told = set(
        Event.objects.filter(verb="thread.started", subject_id__in=[str(thread) for _body, thread in rows]).values_list(
            "subject_id", flat=True
        )
    )
    return Counter(body for body, thread in rows if str(thread) in told)

"""A redline of two whole texts: section by section, as one publication that every renderer shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from document import numbering, tree
from document.diff import Change, Counts, Redline, compare_all, counts
from document.diff.align import rising
from document.diff.display import displayed
from document.numbering import Numbering
from document.publication import Publication, SectionText
from document.tree import Node


@dataclass(frozen=True)
class SectionChange:
    """One section as it was and as it is; None where there was or is none. ``moved``: past others in the outline."""

    old: SectionText | None
    new: SectionText | None
    redline: Redline
    moved: bool = False

    @property
    def text(self) -> SectionText:
        """The newer of the two."""
        section = self.new or self.old
        assert section is not None
        return section

    @property
    def unchanged(self) -> bool:
        return self.redline.unchanged and self.old is not None and self.new is not None and not self.renamed

    @property
    def renamed(self) -> bool:
        """Whether title or content notice differ, or its place."""
        old, new = self.old, self.new
        if old is None or new is None:
            return False
        return self.moved or (old.title, old.content_notice, old.depth) != (new.title, new.content_notice, new.depth)


@dataclass(frozen=True)
class Redlined:
    """``publication`` is the newer text with everything marked, made ready to be shown under ``numbers``."""

    publication: Publication
    numbers: Numbering
    sections: tuple[SectionChange, ...] = field(default_factory=tuple)

    @property
    def counts(self) -> Counts:
        return counts(section.redline for section in self.sections)


Retold = Callable[[tuple[SectionChange, ...]], tuple[SectionChange, ...]]


def compare(old: Publication, new: Publication, *, titled: str = "{new}", retold: Retold | None = None) -> Redlined:
    """What became of ``old``. ``titled``: how a section's title reads when it was another ("{new} (was “{old}”)").

    ``retold`` may say more of the sections' changes before they are made ready to be shown.
    """
    sections = changed(old.sections, new.sections)
    sections = retold(sections) if retold else sections
    numbers = numbering.number((each.id, each.title, each.doc) for each in new.sections)
    changes: dict[str, Change] = {}
    for section in sections:
        changes |= section.redline.changes
    shown = tuple(
        replace(each.text, title=_title(each, titled), doc=displayed(each.redline, numbers)) for each in sections
    )
    publication = replace(
        new,
        sections=shown,
        sources={**old.sources, **new.sources},
        figures={**old.figures, **new.figures},
        changes=changes,
    )
    return Redlined(publication, numbers, sections)


def of(old: Publication, new: Publication) -> Publication:
    """``new`` with what was inserted, deleted, moved and changed since ``old`` marked."""
    return compare(old, new).publication


def changed(old: Sequence[SectionText], new: Sequence[SectionText]) -> tuple[SectionChange, ...]:
    """Every section of either text in the order of the new; what is gone stands where it stood."""
    before = {section.id: section for section in old}
    places = {section.id: place for place, section in enumerate(old)}
    stayed = {index for _place, index in rising([(places[s.id], i) for i, s in enumerate(new) if s.id in places])}
    pairs: list[tuple[SectionText | None, SectionText | None, bool]] = [
        (before.get(section.id), section, section.id in before and index not in stayed)
        for index, section in enumerate(new)
    ]
    kept = {section.id for section in new}
    for place, section in enumerate(old):
        if section.id not in kept:
            earlier = {each.id for each in old[:place]}
            after = max((i + 1 for i, (was, _new, _moved) in enumerate(pairs) if was and was.id in earlier), default=0)
            pairs.insert(after, (section, None, False))
    found = compare_all([(was.doc if was else None, now.doc if now else None) for was, now, _moved in pairs])
    return tuple(SectionChange(was, now, red, moved) for (was, now, moved), red in zip(pairs, found, strict=True))


def _title(section: SectionChange, titled: str) -> str:
    if section.old is None or section.new is None or section.old.title == section.new.title:
        return section.text.title
    return titled.format(old=section.old.title, new=section.new.title)


def offsets(doc: Node, block: str, changes: Mapping[str, Change]) -> Callable[[int], int] | None:
    """How an offset in a block's new text is found in the redline's; None without such a textblock."""
    node = tree.find(doc, block)
    if node is None or node["type"] not in tree.TEXTBLOCKS:
        return None
    steps: list[tuple[int, int]] = []
    new = shown = 0
    for child in tree.children(node):
        length = tree.utf16(child["text"]) if child["type"] == "text" else 1
        marks = child.get("marks") or []
        if not any(mark["type"] == "deletion" and mark["attrs"]["id"] in changes for mark in marks):
            steps.append((new, shown))
            new += length
        shown += length

    def shift(at: int) -> int:
        start = next((step for step in reversed(steps) if step[0] <= at), (0, 0))
        return start[1] + at - start[0]

    return shift

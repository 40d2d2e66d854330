"""Who wrote which words: every position of today's text carries the step that first put it there."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import User
from brief import texts
from brief.history import moments
from brief.history.letters import Letters
from brief.models import Section, Step, Suggestion
from document import tree
from document.tree import Node
from ledger.refusals import Refusal

#: Steps that one page follows back; what was written before them is not told apart.
MOST = 20_000
#: Kinds of authorship that fit: 0 is what was there before.
_FULL = 65_535


@dataclass(frozen=True)
class Author:
    """A person, or a name in an imported file, on one day; ``name`` is empty for nobody known."""

    name: str = ""
    user: User | None = None
    on: date | None = None


UNKNOWN = Author()


@dataclass(frozen=True)
class Authorship:
    """``marks``: for each textblock's id the runs ``(start, end, author)`` in UTF-16 offsets of its text.

    ``words`` counts each person's words, the most first. ``since``: the step before which nobody is told apart.
    """

    doc: Node
    runs: dict[str, list[tuple[int, int, Author]]] = field(default_factory=dict)
    words: list[tuple[Author, int]] = field(default_factory=list)
    since: int = 0


def of(section: Section) -> Authorship:
    """Who wrote what stands in the section today. Five queries, however many steps."""
    since = max(0, section.version - MOST)
    doc = texts.document(section)
    rows = Step.objects.filter(section=section, version__gt=since, version__lte=section.version).order_by("version")
    steps = list(rows.values_list("author_id", "at", "client", "step", "maps"))
    if len(steps) != section.version - since:
        return Authorship(doc, since=section.version)
    begun = _begun(section, since)
    if begun is None:
        return Authorship(doc, since=section.version)
    letters, names = begun
    offset = len(names)
    known: dict[tuple[Any, date], int] = {}
    followed = []
    for author, at, client, step, maps in steps:
        key = (author, timezone.localtime(at).date())
        followed.append((known.setdefault(key, min(len(known) + offset, _FULL)), client, step, maps))
    letters.follow(followed, since)
    marks = array("H", (letters.written[number] for number in letters.text))
    people = User.objects.in_bulk({author for author, _day in known if author})
    authors = [*names, *(Author(str(people.get(who) or ""), people.get(who), day) for who, day in known)]
    found = dict(_runs(doc, marks, authors))
    return Authorship(doc, found, _counted(doc, found), since)


def _begun(section: Section, since: int) -> tuple[Letters, list[Author]] | None:
    """The text before the first step that is followed: nobody's, but for what was imported as somebody's suggestion."""
    try:
        doc = json.loads(moments.text_at(section, since))
    except Refusal:
        return None
    letters = Letters(doc)
    suggested = {
        row.identifier: row
        for row in Suggestion.objects.filter(section=section).select_related("author").order_by("at")
    }
    names = [UNKNOWN]
    if suggested:
        for at, node in _inline(doc):
            row = next((suggested[i] for i in _inserted(node) if i in suggested), None)
            if row is not None:
                author = Author(str(row.author or row.author_name), row.author, timezone.localtime(row.at).date())
                if author not in names:
                    names.append(author)
                for place in range(at, at + tree.size(node)):
                    letters.written[place] = names.index(author)
    return letters, names


def _inserted(node: Node) -> Iterator[str]:
    return (str(mark["attrs"]["id"]) for mark in node.get("marks") or () if mark["type"] == "insertion")


def _inline(doc: Node) -> Iterator[tuple[int, Node]]:
    """Each inline node of the text with its position."""
    for position, block in tree.positions(doc):
        if block["type"] in tree.TEXTBLOCKS:
            at = position + 1
            for child in tree.children(block):
                yield at, child
                at += tree.size(child)


def _runs(doc: Node, marks: array[int], authors: list[Author]) -> Iterator[tuple[str, list[tuple[int, int, Author]]]]:
    for position, block in tree.positions(doc):
        if block["type"] not in tree.TEXTBLOCKS:
            continue
        at, offset = position + 1, 0
        runs: list[tuple[int, int, Author]] = []
        for child in tree.children(block):
            size = tree.size(child)
            length = size if child["type"] == "text" else 1
            own = marks[at : at + size]
            for place in range(length):
                author = authors[own[place]] if place < len(own) and own[place] < len(authors) else UNKNOWN
                if runs and runs[-1][2] is author and runs[-1][1] == offset + place:
                    runs[-1] = (runs[-1][0], offset + place + 1, author)
                else:
                    runs.append((offset + place, offset + place + 1, author))
            at, offset = at + size, offset + length
        yield tree.block_id(block), runs


def _counted(doc: Node, found: dict[str, list[tuple[int, int, Author]]]) -> list[tuple[Author, int]]:
    """Words of each person. A word that two wrote belongs to whom its first letter is."""
    total: dict[tuple[str, Any], int] = {}
    for block in tree.blocks(doc):
        runs = iter(found.get(tree.block_id(block), ()))
        run = next(runs, None)
        if run is None:
            continue
        for start in tree.word_starts(tree.block_text(block)):
            while run is not None and run[1] <= start:
                run = next(runs, None)
            if run is None:
                break
            key = (run[2].name, run[2].user)
            total[key] = total.get(key, 0) + 1
    ordered = sorted(total.items(), key=lambda each: -each[1])
    return [(Author(name, user), count) for (name, user), count in ordered]

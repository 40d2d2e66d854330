"""What could do harm to people: a recognisable person, private details, distress unannounced, a manual.

What is told in words is looked for in the languages of `wordings`; in another language the section's checklist alone
asks. Every rule points out and decides nothing: whether a reader could recognise somebody, a person must say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from document.checks.base import Finding
from document.checks.passages import Passage
from document.checks.wordings import Wording, wording_of

_PERSONAL = re.compile(
    r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w])\+\d{1,3}[ (\d)\-]{7,}\d"
    r"|\b\d{1,3}\.\d{4,},\s?-?\d{1,3}\.\d{4,}\b"
    r"|\b(?:\d{1,3}\.){3}\d{1,3}\b"
    r"|\b[a-z2-7]{16,56}\.onion\b"
    r"|\bpassport (?:no\.?|number) [A-Z0-9]{5,}"
    r"|\b(?:bc1[a-z0-9]{20,}|0x[0-9a-fA-F]{40})\b"
    r"|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b",
)
#: So many kinds of detail about one person are a jigsaw (S3-4).
PIECES = 3


def faults(passages: Sequence[Passage], *, announced: bool, language: str) -> Iterator[Finding]:
    """``announced``: whether the section has a content notice."""
    for passage in passages:
        yield from _spans(passage, _PERSONAL, "personal")
    wording = wording_of(language)
    if wording is None:
        return
    if not announced:
        yield from islice(distress(passages, language), 1)
    for passage in passages:
        yield from _spans(passage, wording.manual, "manual")
    yield from _steps(passages, wording.step)
    yield from _jigsaws(passages, wording)


def distress(passages: Sequence[Passage], language: str) -> Iterator[Finding]:
    """What a content notice should announce (S4-5), place by place."""
    wording = wording_of(language)
    if wording is None:
        return
    for passage in passages:
        if found := wording.distress.search(passage.seen):
            yield _at(passage, *found.span(), "notice")


def _spans(passage: Passage, pattern: re.Pattern[str], code: str) -> Iterator[Finding]:
    for match in pattern.finditer(passage.seen):
        yield _at(passage, *match.span(), code)


def _steps(passages: Sequence[Passage], step: re.Pattern[str]) -> Iterator[Finding]:
    """A numbered list whose items tell somebody what to do, outside recommendations."""
    lists: dict[str, list[Passage]] = {}
    for passage in passages:
        if "ordered_list" in passage.inside and "recommendation" not in passage.inside:
            lists.setdefault(passage.top, []).append(passage)
    for items in lists.values():
        orders = [item for item in items if step.match(item.seen)]
        if len(orders) >= 3 and len(orders) * 2 >= len(items):
            yield _at(orders[0], 0, len(orders[0].seen), "manual")


def _jigsaws(passages: Sequence[Passage], wording: Wording) -> Iterator[Finding]:
    """By paragraph; a case's box is one person's story, so it is looked at as a whole."""
    groups: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.kind != "heading" and "footnote" not in passage.inside:
            groups.setdefault(passage.top if "case" in passage.inside else passage.id, []).append(passage)
    for group in groups.values():
        whole = "\n".join(passage.seen for passage in group)
        if not wording.person.search(whole):
            continue
        pieces = [name for name, pattern in wording.details.items() if pattern.search(whole)]
        if len(pieces) >= PIECES:
            first = group[0]
            yield _at(first, 0, len(first.seen), "jigsaw", details=", ".join(pieces))


def _at(passage: Passage, start: int, end: int, code: str, **values: str) -> Finding:
    block, first, last = passage.place(start, end)
    return Finding(code, words=passage.text[start:end][:200], block=block, start=first, end=last, values=values)

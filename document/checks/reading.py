"""Reading one section: all that can be found in it without knowing the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from document.checks import acronyms, numbers, quotations, sensitivity, terms
from document.checks.base import Finding
from document.checks.passages import Passage, passages
from document.checks.records import Records
from document.tree import Node

#: So many findings of one kind in one section say all; a text with more needs another cure.
MOST = 200


@dataclass(frozen=True)
class ShortForm:
    """First use of a short form in a section, or the first that is written out."""

    short: str
    block: str
    start: int
    end: int
    long: str = ""


@dataclass(frozen=True)
class Marked:
    """Words marked as a claim: where they begin, and all of them."""

    claim: str
    words: str
    block: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """One section as read; JSON round trip, so that it can be kept."""

    findings: tuple[Finding, ...] = ()
    shorts: tuple[ShortForm, ...] = ()
    claims: tuple[Marked, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return {
            "findings": [each.to_json() for each in self.findings],
            "shorts": [asdict(each) for each in self.shorts],
            "claims": [asdict(each) for each in self.claims],
        }

    @staticmethod
    def from_json(data: dict[str, Any]) -> Reading:
        return Reading(
            tuple(Finding.from_json(each) for each in data["findings"]),
            tuple(ShortForm(**each) for each in data["shorts"]),
            tuple(Marked(**each) for each in data["claims"]),
        )


def read(doc: Node, records: Records, *, content_notice: str = "") -> Reading:
    """Read one section's document. Time grows with its length alone."""
    found = list(passages(doc))
    cited = {passage.top for passage in found if passage.cited}
    findings = [
        *_numbers(found),
        *_tables(found),
        *_terms(found, records),
        *_boxes(found, cited),
        *(each for passage in found for each in quotations.faults(passage, records.quotes, _near(passage, cited))),
        *sensitivity.faults(found, announced=bool(content_notice.strip()), language=records.language),
    ]
    return Reading(_most(findings), _shorts(found, records), _claims(found))


def short_forms_in(doc: Node, records: Records) -> Reading:
    """Only the short forms of a section, which is all that a release asks of them."""
    return Reading(shorts=_shorts(list(passages(doc)), records))


def distress_in(doc: Node, language: str) -> Finding | None:
    """The first words that a content notice should announce, in a section that has none."""
    return next(sensitivity.distress(list(passages(doc)), language), None)


def _near(passage: Passage, cited: set[str]) -> bool:
    return "block_quote" in passage.inside and passage.top in cited


def _numbers(found: Iterable[Passage]) -> Iterable[Finding]:
    for passage in found:
        for start, end in numbers.bare(passage):
            block, first, last = passage.place(start, end)
            values = {"around": _around(passage.text, start, end)}
            yield Finding("number", words=passage.text[start:end], block=block, start=first, end=last, values=values)


def _around(text: str, start: int, end: int) -> str:
    """A number with the word before it and the two after: "some 40 % of"."""
    before = re.search(r"(?:[^\W\d_]+\s)?$", text[:start])
    after = re.match(r"(?:\s?%)?(?:\s[^\W\d_][\w\-’']*){0,2}", text[end:])
    return (before.group() if before else "") + text[start:end] + (after.group() if after else "")


def _tables(found: Iterable[Passage]) -> Iterable[Finding]:
    """A table cites in one of its cells, or says in the paragraph before or after it where it is from."""
    tops: dict[str, list[Passage]] = {}
    for passage in found:
        tops.setdefault(passage.top, []).append(passage)
    order = list(tops)
    for index, top in enumerate(order):
        cells = [passage for passage in tops[top] if "table" in passage.inside]
        around = [each for near in order[max(0, index - 1) : index + 2] for each in tops[near]]
        borne = any(passage.cited for passage in around) or any(passage.claims for passage in cells)
        first = next((passage for passage in cells if numbers.spans(passage.seen)), None)
        if first is not None and not borne:
            block, start, end = first.place(0, len(first.seen))
            yield Finding("table", words=first.text[:200], block=block, start=start, end=end)


def _terms(found: Iterable[Passage], records: Records) -> Iterable[Finding]:
    for passage in found:
        for start, end, term in terms.avoided(passage, records.terms):
            block, first, last = passage.place(start, end)
            values = {"prefer": term.prefer, "reason": term.reason}
            yield Finding("term", words=passage.text[start:end], block=block, start=first, end=last, values=values)


def _boxes(found: Iterable[Passage], cited: set[str]) -> Iterable[Finding]:
    seen: set[str] = set()
    for passage in found:
        if "definition" in passage.inside and passage.top not in cited | seen:
            seen.add(passage.top)
            block, first, last = passage.place(0, len(passage.text))
            yield Finding("definition-box", words=passage.text[:200], block=block, start=first, end=last)


def _shorts(found: Iterable[Passage], records: Records) -> tuple[ShortForm, ...]:
    """Of each short form the first use, and the first that is written out: nothing more is ever asked."""
    listed = records.listed
    first: dict[str, ShortForm] = {}
    written: dict[str, ShortForm] = {}
    for passage in found:
        if passage.kind == "heading":
            continue
        for use in acronyms.uses(passage, listed):
            place = passage.place(use.start, use.end)
            first.setdefault(use.short, ShortForm(use.short, *place, use.long))
            if use.long:
                written.setdefault(use.short, ShortForm(use.short, *place, use.long))
    return tuple(dict.fromkeys([*first.values(), *written.values()]))


def _claims(found: Iterable[Passage]) -> tuple[Marked, ...]:
    """One entry for each run of marked words; runs that touch are one."""
    result: list[Marked] = []
    for passage in found:
        runs: dict[str, list[tuple[int, int]]] = {}
        for start, end, claim in passage.claims:
            of_claim = runs.setdefault(claim, [])
            if of_claim and of_claim[-1][1] == start:
                of_claim[-1] = (of_claim[-1][0], end)
            else:
                of_claim.append((start, end))
        for claim, spans in runs.items():
            for start, end in spans:
                block, first, last = passage.place(start, end)
                result.append(Marked(claim, passage.text[start:end], block, first, last))
    return tuple(result)


def _most(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """No more of one kind than a person would read."""
    codes: Counter[str] = Counter()
    kept = []
    for each in findings:
        codes[each.code] += 1
        if codes[each.code] <= MOST:
            kept.append(each)
    return tuple(kept)

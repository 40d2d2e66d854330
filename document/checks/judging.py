"""Putting the sections' readings together: what is first in the brief, what the register knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from document.checks import claims
from document.checks.base import Finding
from document.checks.reading import Marked, Reading, ShortForm
from document.checks.records import Records, Register, amount


@dataclass(frozen=True)
class Located:
    """A section's reading, by the section's id."""

    section: str
    reading: Reading


def judge(sections: Sequence[Located], records: Records, register: Register, today: date) -> list[Finding]:
    """Everything found in the brief, in reading order; what has no place in the text comes last."""
    found = [replace(each, section=one.section) for one in sections for each in one.reading.findings]
    found += short_forms(sections, records)
    marked = [(one.section, each) for one in sections for each in one.reading.claims]
    found += _marked(marked, register)
    places = {each.claim: (section, each) for section, each in reversed(marked)}
    for fault in claims.faults(register, places.keys(), today):
        found.append(_placed(fault, places.get(fault.subject)))
        found += _elsewhere(fault, places)
    order = {one.section: index for index, one in enumerate(sections)}
    return numbered(sorted(found, key=lambda each: order.get(each.section, len(order))))


def numbered(findings: Iterable[Finding]) -> list[Finding]:
    """Tell equal ones about one thing apart, so that each can be set aside by itself."""
    alike: Counter[str] = Counter()
    told = []
    for each in findings:
        told.append(replace(each, nth=alike[each.mark]))
        alike[each.mark] += 1
    return told


def _placed(fault: Finding, place: tuple[str, Marked | ShortForm] | None) -> Finding:
    if place is None:
        return fault
    section, words = place
    return replace(fault, section=section, block=words.block, start=words.start, end=words.end)


def _elsewhere(fault: Finding, places: Mapping[str, tuple[str, Marked]]) -> Iterable[Finding]:
    """A contradiction with another section is told to those who write that one, too."""
    there = places.get(fault.values.get("against", ""))
    if there and there[0] != places[fault.subject][0]:
        yield _placed(claims.from_the_other_side(fault), there)


def _marked(marked: Iterable[tuple[str, Marked]], register: Register) -> Iterable[Finding]:
    """Marks without a claim, and marked words that no longer say what the register says."""
    known = {claim.id: claim for claim in register.claims}
    for section, each in marked:
        claim = known.get(each.claim)
        if claim is None:
            yield _placed(Finding("claim-unknown", words=each.words, subject=each.claim), (section, each))
        elif not claims.says(each.words, claim):
            value = "" if claim.value is None else amount(claim.value, claim.value_to)
            fault = Finding("claim-changed", words=each.words, subject=each.claim, values={"value": value})
            yield _placed(fault, (section, each))


def short_forms(sections: Sequence[Located], records: Records) -> list[Finding]:
    """Short forms that are not written out at their first use in the brief, or otherwise than the list has them."""
    listed = records.listed
    common = {each.short for each in records.acronyms if each.common}
    found, met = [], set()
    for one in sections:
        for use in one.reading.shorts:
            told = listed.get(use.short, "")
            if use.long and told and use.long.casefold() != told.casefold():
                values = {"short": use.short, "long": use.long, "listed": told}
                found.append(_short(one.section, use, "acronym-other", values))
            if use.short in met:
                continue
            met.add(use.short)
            if not use.long and use.short not in common:
                found.append(_short(one.section, use, "acronym", {"short": use.short}))
    return found


def _short(section: str, use: ShortForm, code: str, values: dict[str, str]) -> Finding:
    return _placed(Finding(code, words=use.short, subject=use.short, values=values), (section, use))


def acronyms_of(sections: Iterable[Located], records: Records) -> dict[str, str]:
    """The list of acronyms: what the text uses, with the brief's own wording before the text's; in order."""
    listed = records.listed
    used: dict[str, str] = {}
    for one in sections:
        for use in one.reading.shorts:
            used[use.short] = used.get(use.short) or listed.get(use.short) or use.long
    return {short: long for short, long in sorted(used.items()) if long}

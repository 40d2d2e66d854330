"""The claims of a brief as a table: what stands where, what is wrong, by filters; and the same as a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from brief import check_words, checking
from brief.models import Brief, Claim, Section
from brief.states import Grade
from document.checks import Finding
from document.checks.claims import CONTRADICTS, from_the_other_side, total
from document.checks.records import amount

#: What of the register can be asked for, beside words, section and grade.
_CODES = {
    "unsourced": {"claim-unsourced"},
    "stale": {"claim-stale"},
    "contradicting": CONTRADICTS,
    "unmarked": {"claim-unmarked"},
}


@dataclass
class Row:
    claim: Claim
    #: Where it is marked: section, block, start, end.
    places: list[tuple[Section, str, int, int]] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)

    @property
    def value(self) -> str:
        return value_of(self.claim)

    @property
    def sentences(self) -> list[str]:
        return [check_words.sentence(each) for each in self.faults]


def value_of(claim: Claim) -> str:
    """“EUR 10–20 million”: value or range with currency and unit."""
    told = claim.unit if claim.value is None else amount(claim.value, claim.value_to, claim.unit)
    return f"{claim.currency} {told}".strip()


def rows(
    brief: Brief, asked: Mapping[str, str] | None = None, *, notes: bool = True
) -> tuple[list[Row], checking.Look]:
    """The rows that answer to the filters ``q``, ``section``, ``grade`` and ``state``, in order of registration."""
    looked = checking.look(brief)
    claims = Claim.objects.filter(brief=brief).select_related("source", "superseded_by", "part_of")
    found = {str(claim.pk): Row(claim) for claim in claims}
    sections = {str(section.pk): section for section in looked.sections}
    for one in looked.readings:
        for marked in one.reading.claims:
            if marked.claim in found and one.section in sections:
                place = (sections[one.section], marked.block, marked.start, marked.end)
                found[marked.claim].places.append(place)
    for fault in looked.findings:
        if fault.kind == "claims" and fault.subject in found:
            found[fault.subject].faults.append(fault)
    _tell_both(found, looked.findings)
    return [row for row in found.values() if _fits(row, asked or {}, notes)], looked


def _tell_both(found: dict[str, Row], faults: list[Finding]) -> None:
    """A contradiction stands in the rows of both claims, wherever in the text they are."""
    for fault in faults:
        other = found.get(fault.values.get("against", ""))
        if other and fault.subject not in {each.values.get("against") for each in other.faults}:
            other.faults.append(from_the_other_side(fault))


def _fits(row: Row, asked: Mapping[str, str], notes: bool) -> bool:
    claim = row.claim
    words = asked.get("q", "").casefold().split()
    text = " ".join((claim.statement, claim.indicator, claim.place, claim.unit, claim.note if notes else "", row.value))
    if not all(word in text.casefold() for word in words):
        return False
    if (grade := asked.get("grade", "")) and claim.grade != ("" if grade == "none" else grade):
        return False
    if (section := asked.get("section", "")) and section not in {str(place[0].pk) for place in row.places}:
        return False
    return _in_state(row, asked.get("state", ""))


def _in_state(row: Row, state: str) -> bool:
    if state == "faulty":
        return bool(row.faults)
    if state == "causal":
        return row.claim.causal
    if state == "superseded":
        return row.claim.superseded_by_id is not None
    return state not in _CODES or bool(_CODES[state] & {fault.code for fault in row.faults})


def table(found: list[Row], *, notes: bool) -> list[list[object]]:
    """Head and rows for a spreadsheet; with ``notes`` for the authors alone."""
    head: list[object] = [
        *(_("Statement"), _("Value"), _("to"), _("Unit"), _("Currency"), _("Indicator"), _("Reference year")),
        *(_("Place"), _("Source"), _("Page or part"), _("Evidence grade"), _("Causal"), _("Stale after")),
        *(_("Superseded by"), _("Part of"), _("Sections"), _("Findings"), _("Note"), _("Identifier")),
    ]
    return [head, *(_cells(row, notes) for row in found)]


def _cells(row: Row, notes: bool) -> list[object]:
    claim = row.claim
    titles = dict.fromkeys(section.title for section, *_place in row.places)
    numbers: list[object] = [None if each is None else _number(each) for each in (claim.value, claim.value_to)]
    return [
        *(claim.statement, *numbers, claim.unit, claim.currency, claim.indicator, claim.year, claim.place),
        *(claim.source.key if claim.source else "", claim.locator, str(dict(Grade.choices).get(claim.grade, ""))),
        *(_("yes") if claim.causal else "", claim.stale_after),
        *(claim.superseded_by.statement if claim.superseded_by else "", claim.part_of.name if claim.part_of else ""),
        *("; ".join(titles), " ".join(row.sentences), claim.note if notes else "", str(claim.pk)),
    ]


def _number(value: Any) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def wholes(looked: checking.Look) -> list[dict[str, Any]]:
    """Each whole with its parts and what they add up to."""
    parts: dict[str, list[Any]] = defaultdict(list)
    for claim in looked.register.claims:
        if claim.part_of:
            parts[claim.part_of].append(claim)
    wrong = {fault.subject: fault for fault in looked.findings if fault.code == "claim-sum"}
    shown = []
    for whole in looked.register.wholes:
        least, most = total([part for part in parts[whole.id] if part.value is not None and not part.superseded_by])
        fault = wrong.get(whole.id)
        shown.append(
            {
                "whole": whole,
                "size": amount(whole.whole, unit=whole.unit),
                "sum": amount(least, most, whole.unit),
                "parts": parts[whole.id],
                "fault": check_words.sentence(fault) if fault else "",
            }
        )
    return shown

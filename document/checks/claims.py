"""The claims register looked at for itself, and against the words that are marked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from document.checks.base import Finding
from document.checks.records import Claim, Register, amount

#: Grades that do not carry a claim about causes (S2-6).
WEAK = frozenset({"", "weak", "unverified"})
#: What a release may not have; the rest is pointed out only.
GRAVE = frozenset(
    {"claim-unknown", "claim-unsourced", "claim-stale", "claim-superseded", "claim-contradicts", "claim-sum"}
)
#: Contradictions that nobody has resolved, whether both sides stand in the text or one.
CONTRADICTS = frozenset({"claim-contradicts", "claim-contradicts-outside"})


def faults(register: Register, in_text: Iterable[str], today: date) -> list[Finding]:
    """What is wrong with the register itself; each finding's subject is a claim's id (a whole's, for sums).

    ``in_text`` are the ids that the text marks: what stands nowhere cannot mislead.
    """
    used = set(in_text)
    names = {claim.id: claim.statement for claim in register.claims}
    found = [fault for claim in register.claims for fault in _of_claim(claim, used, names, today)]
    return [*found, *_contradictions(register, used, names), *_sums(register)]


def _about(subject: str, code: str, words: str, **values: str) -> Finding:
    return Finding(code, words=words, subject=subject, values=values)


def _of_claim(claim: Claim, used: set[str], names: dict[str, str], today: date) -> Iterable[Finding]:
    words = claim.statement
    if claim.superseded_by:
        if claim.id in used:
            yield _about(claim.id, "claim-superseded", words, other=names.get(claim.superseded_by, ""))
        return
    if claim.id not in used:
        yield _about(claim.id, "claim-unmarked", words)
        return
    if not claim.source:
        yield _about(claim.id, "claim-unsourced", words)
    if claim.stale_after and claim.stale_after < today:
        yield _about(claim.id, "claim-stale", words, day=claim.stale_after.isoformat())
    if claim.year is None:
        yield _about(claim.id, "claim-undated", words)
    if not claim.grade:
        yield _about(claim.id, "claim-ungraded", words)
    if claim.causal and claim.grade in WEAK:
        yield _about(claim.id, "claim-causal", words, grade=claim.grade or "not graded")


def _contradictions(register: Register, used: set[str], names: dict[str, str]) -> Iterable[Finding]:
    """Open ones, told of a side that stands in the text. One that was superseded and left it has had its answer."""
    settled = {claim.id for claim in register.claims if claim.superseded_by} - used
    for pair in register.contradictions:
        sides = {pair.claim, pair.other}
        if pair.resolved or sides & settled or not sides & used:
            continue
        one, other = (pair.claim, pair.other) if pair.claim in used else (pair.other, pair.claim)
        code = "claim-contradicts" if sides <= used else "claim-contradicts-outside"
        yield _about(one, code, names.get(one, ""), other=names.get(other, ""), against=other)


def from_the_other_side(fault: Finding) -> Finding:
    """The same contradiction, said of the claim that is contradicted."""
    values = {"other": fault.words, "against": fault.subject}
    return Finding("claim-contradicts", words=fault.values["other"], subject=fault.values["against"], values=values)


def _sums(register: Register) -> Iterable[Finding]:
    parts: dict[str, list[Claim]] = defaultdict(list)
    for claim in register.claims:
        if claim.part_of and not claim.superseded_by:
            parts[claim.part_of].append(claim)
    for whole in register.wholes:
        members = [claim for claim in parts[whole.id] if claim.value is not None]
        # One part says nothing about the others.
        if len(members) < 2:
            continue
        least, most = total(members)
        if least - whole.tolerance > whole.whole or most + whole.tolerance < whole.whole:
            told = {"sum": amount(least, most, whole.unit), "whole": amount(whole.whole, unit=whole.unit)}
            yield _about(whole.id, "claim-sum", whole.name, **told)


def total(members: Iterable[Claim]) -> tuple[Decimal, Decimal]:
    """The least and the most that the parts add up to; they differ when one is a range."""
    rows = list(members)
    least = sum((claim.value or Decimal(0) for claim in rows), Decimal(0))
    most = sum(
        ((claim.value_to if claim.value_to is not None else claim.value) or Decimal(0) for claim in rows), Decimal(0)
    )
    return least, most


def says(words: str, claim: Claim) -> bool:
    """Whether the marked words hold the registered value, digits with their magnitude or the difference of two.

    Words without digits may say anything.
    """
    said = values_in(words)
    # "Fell from 71 to 58" says thirteen.
    said |= {abs(one - other) for one in said for other in said if one != other}
    wanted = [value for value in (claim.value, claim.value_to) if value is not None]
    return not said or all(any(_same(value, each) for each in said) for value in wanted)


_MAGNITUDE = {
    "thousand": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12,
}  # fmt: skip


def values_in(words: str) -> set[Decimal]:
    """Every number of the words, in each way it can be read: 1,200 and 1.200; 3 and 3 million."""
    found: set[Decimal] = set()
    for match in re.finditer(r"\d[\d \u00a0\u202f,.'’]*\d|\d", words):
        readings = _readings(match.group())
        tail = re.match(r"\s*([a-z]+)", words[match.end() :].lower())
        factor = _MAGNITUDE.get(tail.group(1)) if tail else None
        found |= readings | ({each * factor for each in readings} if factor else set())
    ranges = re.finditer(r"([\d.,]+)\s?(?:[-–—]|to|and)\s?[\d.,]+\s+([a-z]+)", words.lower())
    for match in ranges:
        if factor := _MAGNITUDE.get(match.group(2)):
            found |= {each * factor for each in _readings(match.group(1))}
    return found


def _readings(digits: str) -> set[Decimal]:
    plain = re.sub(r"[ \u00a0\u202f'’]", "", digits)
    found = set()
    for text in (plain.replace(",", ""), plain.replace(".", "").replace(",", "."), plain):
        try:
            found.add(Decimal(text))
        except InvalidOperation:
            continue
    return found


def _same(wanted: Decimal, said: Decimal) -> bool:
    return wanted == said

"""The brief's records as ``document.checks`` reads them: plain values, in a few queries whatever their number."""

from __future__ import annotations

from brief.models import Acronym, Brief, Claim, Contradiction, PartWhole, PreferredTerm, Quotation
from document.checks import records


def records_of(brief: Brief) -> records.Records:
    """What texts are held against: three queries."""
    return records.Records(
        language=brief.language,
        acronyms=tuple(records.Acronym(row.short, row.long, row.common) for row in Acronym.objects.filter(brief=brief)),
        terms=tuple(
            records.Term(wordings(row.avoid), row.prefer, row.reason, str(row.pk))
            for row in PreferredTerm.objects.filter(brief=brief)
        ),
        quotes=tuple(
            records.Quote(str(row.pk), row.words, row.speaker, row.attribution, row.consent, row.verified)
            for row in Quotation.objects.filter(brief=brief)
        ),
    )


def wordings(avoid: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in avoid.splitlines() if line.strip())


def register_of(brief: Brief) -> records.Register:
    """The claims, the wholes and the contradictions: three queries."""
    claims = Claim.objects.filter(brief=brief).select_related("source")
    wholes = PartWhole.objects.filter(brief=brief)
    pairs = Contradiction.objects.filter(claim__brief=brief)
    return records.Register(
        claims=tuple(claim_of(row) for row in claims),
        wholes=tuple(records.Whole(str(row.pk), row.name, row.whole, row.unit, row.tolerance) for row in wholes),
        contradictions=tuple(
            records.Contradiction(str(row.claim_id), str(row.other_id), bool(row.resolution.strip())) for row in pairs
        ),
    )


def claim_of(row: Claim) -> records.Claim:
    return records.Claim(
        id=str(row.pk),
        statement=row.statement,
        value=row.value,
        value_to=row.value_to,
        unit=row.unit,
        currency=row.currency,
        indicator=row.indicator,
        year=row.year,
        place=row.place,
        source=row.source.key if row.source else "",
        locator=row.locator,
        grade=row.grade,
        causal=row.causal,
        stale_after=row.stale_after,
        superseded_by=str(row.superseded_by_id or ""),
        part_of=str(row.part_of_id or ""),
    )

"""What of the registers is frozen with a version: it belongs to the content that approvers sign (DECISIONS, Hashes).

Notes stay among the authors. Nothing is written for a brief without claims or agreed words, so that its content is
what it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from brief.models import Brief, Definition
from brief.registers import records_of, register_of
from document import checks, citations
from document.checks.records import Records, Register
from document.tree import Node, walk


def claims_in(documents: Iterable[Node]) -> set[str]:
    """Ids of the claims that the texts mark."""
    marks = (mark for doc in documents for node in walk(doc) for mark in node.get("marks") or ())
    return {str(mark["attrs"]["id"]) for mark in marks if mark["type"] == "claim"}


def frozen(brief: Brief, documents: list[Node]) -> dict[str, Any]:
    """``{"claims": …, "words": …}``, without what is empty."""
    register = _used(register_of(brief), claims_in(documents))
    records = records_of(brief)
    readings = [checks.Located("", checks.short_forms_in(doc, records)) for doc in documents]
    words = {
        "acronyms": [
            {"short": short, "long": long, "common": short in _common(records)}
            for short, long in checks.acronyms_of(readings, records).items()
        ],
        "definitions": [_definition(row) for row in Definition.objects.filter(brief=brief).select_related("source")],
    }
    found: dict[str, Any] = {"claims": register.to_json()} if register.claims else {}
    return found | ({"words": words} if any(words.values()) else {})


def _common(records: Records) -> set[str]:
    return {each.short for each in records.acronyms if each.common}


def _used(register: Register, marked: set[str]) -> Register:
    """What the texts mark, and what it takes to judge that: the other parts of a whole."""
    wholes = {claim.part_of for claim in register.claims if claim.id in marked and claim.part_of}
    claims = tuple(claim for claim in register.claims if claim.id in marked or claim.part_of in wholes)
    known = {claim.id for claim in claims}
    return Register(
        claims=claims,
        wholes=tuple(whole for whole in register.wholes if whole.id in wholes),
        contradictions=tuple(pair for pair in register.contradictions if {pair.claim, pair.other} <= known),
    )


def _definition(row: Definition) -> dict[str, str]:
    source = ""
    if row.source is not None:
        item = {"source": row.source.key, "locator": row.locator, "prefix": "", "suffix": ""}
        source = citations.provisional([item], {row.source.key: row.source.csl})
    return {"term": row.term, "text": row.text, "source": source}

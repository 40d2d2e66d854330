"""What the example's authors have agreed and registered: whom it is for, claims with their sources, words, checks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from brief import steps, texts
from brief.actions import (
    add_claim,
    add_stakeholder,
    answer_sensitivity,
    begin_concept_note,
    edit_brief,
    save_word,
    set_contradiction,
)
from brief.models import Acronym, Brief, Claim, Definition, PreferredTerm, Quotation, Section, Source
from config.example import library
from config.example.drafts import find_words
from document import tree
from document.engine import engine

#: What a record of the register names by its label, and the model knows by another.
_TOLD = ("label", "section", "quote", "source", "stale_in")


def begin(brief: Brief, lead: User) -> None:
    """What stands before the first section: for whom, about what, and the concept note."""
    told = library.register()
    edit_brief(actor=lead, brief=brief, **told["about"])
    for each in told["stakeholders"]:
        add_stakeholder(actor=lead, brief=brief, **each)
    begin_concept_note(actor=lead, brief=brief)


def agree(brief: Brief, cast: dict[str, User], sections: dict[str, Section]) -> None:
    """Claims marked in the text of today, agreed words, and one section's answered checklist."""
    told = library.register()
    sources = {source.key: source for source in Source.objects.filter(brief=brief)}
    claims = {
        each["label"]: _claim(brief, cast["lead"], sections[each["section"]], each, sources) for each in told["claims"]
    }
    one, other = (claims[label] for label in told["contradiction"]["claims"])
    set_contradiction(actor=cast["second"], claim=one, other=other, resolution=told["contradiction"]["resolution"])
    kinds = {"acronyms": Acronym, "terms": PreferredTerm, "definitions": Definition}
    for name, kind in kinds.items():
        for each in told[name]:
            save_word(actor=cast["second"], brief=brief, word=kind(), **_with(each, sources))
    save_word(actor=cast["second"], brief=brief, word=Quotation(), **_with(told["quotation"], sources))
    asked = told["sensitivity"]
    answers = {question: (answer, note) for question, (answer, note) in asked["answers"].items()}
    answer_sensitivity(actor=cast["safeguarding"], section=sections[asked["section"]], answers=answers)


def _with(told: dict[str, Any], sources: dict[str, Source]) -> dict[str, Any]:
    return told | ({"source": sources[told["source"]]} if "source" in told else {})


def _claim(brief: Brief, author: User, section: Section, told: dict[str, Any], sources: dict[str, Source]) -> Claim:
    fields = {name: value for name, value in told.items() if name not in _TOLD} | {
        "source": sources.get(told.get("source", ""))
    }
    if "stale_in" in told:
        fields["stale_after"] = timezone.localdate() + timedelta(days=told["stale_in"])
    claim: Claim = add_claim(actor=author, brief=brief, statement=told["quote"], **fields)
    _mark(brief, author, section, told["quote"], claim)
    return claim


def _mark(brief: Brief, author: User, section: Section, words: str, claim: Claim) -> None:
    """As the editor does: the words carry the claim's id."""
    section.refresh_from_db()
    doc = texts.document(section)
    block, start, end = find_words(doc, words)
    before = next(position for position, node in tree.positions(doc) if tree.block_id(node) == block)
    mark = {"type": "claim", "attrs": {"id": str(claim.pk)}}
    answer = steps.submit(
        actor=author,
        brief_id=brief.pk,
        section_id=section.pk,
        version=section.version,
        client="example",
        key=f"claim-{claim.pk.hex[:20]}",
        schema=engine().schema_version,
        steps=[{"stepType": "addMark", "mark": mark, "from": before + 1 + start, "to": before + 1 + end}],
    )
    if answer.status != 200:
        raise RuntimeError(f"the example's claim was refused: {answer.body}")

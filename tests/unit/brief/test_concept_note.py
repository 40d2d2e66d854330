"""The concept note is written in the same room and goes nowhere else (S0-1)."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from brief import steps, texts
from brief.actions import add_section, begin_concept_note, freeze
from brief.actions.sections import living
from brief.models import Section, Step
from brief.states import SectionKind
from brief.visibility import section_of, text_of
from document import tree
from document.engine import engine
from ledger.refusals import NotAllowed, NotNow
from tests.cast import Cast


@pytest.fixture
def note(cast: Cast) -> Section:
    brief = cast.brief
    brief.summary, brief.audiences = "Fees and debts.", "Ministries\nTrade unions"
    brief.save()
    made: Section = begin_concept_note(actor=cast.lead, brief=brief)
    return made


def test_it_begins_with_what_the_briefs_page_says(note: Section) -> None:
    doc = json.loads(texts.current(note)[1])
    headings = [tree.text(node) for node in tree.blocks(doc) if node["type"] == "heading"]
    assert headings == ["Purpose", "Scope", "Objectives", "Audiences", "Launch window", "Review plan"]
    words = tree.text(doc)
    assert "Fees and debts." in words and "Trade unions" in words
    assert all(objective.text in words for objective in note.brief.objectives.all())


def test_there_is_one(cast: Cast, note: Section) -> None:
    with pytest.raises(NotNow):
        begin_concept_note(actor=cast.lead, brief=cast.brief)
    with pytest.raises(IntegrityError), transaction.atomic():
        Section.every.create(brief=cast.brief, kind=SectionKind.CONCEPT_NOTE, title="Another")


def test_only_authors_begin_it(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        begin_concept_note(actor=cast.observer, brief=cast.brief)


def test_it_is_no_section(cast: Cast, note: Section) -> None:
    add_section(actor=cast.lead, brief=cast.brief, title="One")
    assert note.pk not in {row.pk for row in living(cast.brief)}
    assert note not in cast.brief.sections.all()
    assert text_of(cast.brief, note.pk).kind == SectionKind.CONCEPT_NOTE
    with pytest.raises(Http404):
        section_of(cast.brief, note.pk)


def test_no_version_holds_it(cast: Cast, note: Section) -> None:
    section = add_section(actor=cast.lead, brief=cast.brief, title="One")
    version = freeze(actor=cast.editor, brief=cast.brief, order_draft="zero")
    assert note.pk not in set(version.sections.values_list("section", flat=True))
    assert section.pk in set(version.sections.values_list("section", flat=True))


def test_it_is_written_by_steps_like_every_text(cast: Cast, note: Section) -> None:
    doc = json.loads(texts.current(note)[1])
    block = tree.block_id(next(node for node in tree.blocks(doc) if node["type"] == "heading"))
    edits = [{"op": "replace_text", "block": block, "from": 0, "to": 0, "text": "Our "}]
    made = json.loads(engine().edit(texts.current(note)[1], edits))
    answer = steps.submit(
        actor=cast.lead,
        brief_id=cast.brief.pk,
        section_id=note.pk,
        version=0,
        client="one",
        key="k1",
        schema=engine().schema_version,
        steps=made,
    )
    assert answer.status == 200
    assert Step.objects.filter(section=note).count() == 1
    assert "Our Purpose" in tree.text(texts.document(Section.every.get(pk=note.pk)))

"""Freezing: what is in a version, what its hash covers, and that nobody alters it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from brief import publications, steps
from brief.actions import (
    add_claim,
    add_section,
    add_source,
    edit_brief,
    edit_claim,
    edit_section,
    freeze,
    move_section,
    remove_section,
)
from brief.models import Text, Version, VersionSection
from brief.policies import freeze_checks
from brief.publications import of_version
from brief.states import BRIEF, OrderDraft
from ledger.models import Event
from ledger.refusals import Hidden, NotAllowed, NotNow
from ledger.transitions import move
from tests.cast import Cast
from tests.factories.documents import doc, mark, p, text

pytestmark = pytest.mark.django_db


def again(cast: Cast, **fields: Any) -> Version:
    version: Version = freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.SECOND, **fields)
    return version


def test_versions_are_numbered_and_logged(cast: Cast) -> None:
    first, second = cast.version, again(cast)
    assert (first.number, second.number) == (1, 2)
    assert Event.objects.filter(verb="version.frozen", scope=cast.brief.pk).count() == 2


def test_the_same_text_has_the_same_content_hash_and_costs_no_new_text(cast: Cast) -> None:
    first = cast.version
    texts = Text.objects.count()
    assert again(cast).content_hash == first.content_hash
    assert Text.objects.count() == texts


def test_a_version_costs_only_what_changed(cast: Cast) -> None:
    assert cast.version
    texts = Text.objects.count()
    edit = {"op": "replace_text", "block": "recruit00001", "from": 0, "to": 10, "text": "Agents"}
    steps.edit(actor=cast.lead, section=cast.section, edits=[edit])
    again(cast)
    assert Text.objects.count() == texts + 1


@pytest.mark.parametrize(
    "change",
    [
        lambda cast: edit_brief(actor=cast.lead, brief=cast.brief, title="Another title"),
        lambda cast: edit_brief(actor=cast.lead, brief=cast.brief, summary="Another summary"),
        lambda cast: edit_brief(actor=cast.lead, brief=cast.brief, citation_style="apa"),
        lambda cast: edit_section(actor=cast.lead, section=cast.section, title="Another section"),
        lambda cast: edit_section(actor=cast.lead, section=cast.section, content_notice="Distressing"),
        lambda cast: edit_section(actor=cast.lead, section=cast.section, language="fr"),
        lambda cast: move_section(actor=cast.lead, section=cast.section, place=2),
        lambda cast: remove_section(actor=cast.lead, section=cast.section),
        lambda cast: steps.edit(
            actor=cast.lead,
            section=cast.section,
            edits=[{"op": "replace_text", "block": "recruit00001", "from": 0, "to": 0, "text": "So "}],
        ),
    ],
)
def test_any_change_of_content_changes_the_hash(cast: Cast, change: Any) -> None:
    before = cast.version.content_hash
    change(cast)
    assert again(cast).content_hash != before


def test_a_section_in_another_language_is_frozen_and_published_as_such(cast: Cast) -> None:
    assert [text.language for text in of_version(cast.version).sections] == ["en-GB"] * len(cast.sections)
    edit_section(actor=cast.lead, section=cast.section, language="fr")
    frozen = again(cast)
    edit_section(actor=cast.lead, section=cast.section, language="")
    assert [text.language for text in of_version(frozen).sections].count("fr") == 1


def test_an_uncited_source_is_no_part_of_the_content(cast: Cast) -> None:
    before = cast.version.content_hash
    add_source(actor=cast.lead, brief=cast.brief, csl={"type": "report", "title": "Unused"})
    assert again(cast).content_hash == before


def test_the_imprint_is_no_part_of_the_content(cast: Cast) -> None:
    before = cast.version.content_hash
    edit_brief(actor=cast.lead, brief=cast.brief, isbn="978-0-00-000000-2")
    assert again(cast).content_hash == before


def test_paragraph_numbers_run_through_the_brief(cast: Cast) -> None:
    rows = publications.sections(cast.version)
    assert [row.first_number for row in rows] == [1, 3, 4]


def test_a_publication_holds_the_frozen_words_not_todays(cast: Cast) -> None:
    version = cast.version
    edit = {"op": "replace_text", "block": "recruit00001", "from": 0, "to": 10, "text": "Agents"}
    steps.edit(actor=cast.lead, section=cast.section, edits=[edit])
    edit_brief(actor=cast.lead, brief=cast.brief, title="Another title")
    found = publications.of_version(Version.objects.get(pk=version.pk))
    assert found.title == "Safe passage for seasonal workers"
    assert "Recruiters promise" in json.dumps(found.sections[0].doc)
    assert found.organisations == ("Organisation North", "Organisation South")


@pytest.mark.parametrize("table", [Version, VersionSection, Text])
def test_the_database_refuses_to_alter_or_delete_what_is_frozen(cast: Cast, table: Any) -> None:
    assert cast.version
    row = table.objects.first()
    field = {Version: "title", VersionSection: "title", Text: "body"}[table]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        table.objects.filter(pk=row.pk).update(**{field: "other"})
    with pytest.raises(DatabaseError), transaction.atomic():
        table.objects.filter(pk=row.pk)._raw_delete("default")


@pytest.mark.parametrize("name", ["lead", "partner", "approver", "observer", "press"])
def test_only_the_review_editor_freezes(cast: Cast, name: str) -> None:
    assert cast.sections
    with pytest.raises(NotAllowed, match="review editor"):
        freeze(actor=cast[name], brief=cast.brief, order_draft=OrderDraft.FIRST)


def test_a_stranger_is_told_nothing(cast: Cast) -> None:
    with pytest.raises(Hidden):
        freeze(actor=cast.outsider, brief=cast.brief, order_draft=OrderDraft.FIRST)


def test_an_empty_brief_cannot_be_frozen(cast: Cast) -> None:
    with pytest.raises(NotNow, match="nothing to freeze"):
        freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.FIRST)


def test_a_brief_in_clearance_cannot_be_frozen(cast: Cast) -> None:
    assert cast.sections
    move(BRIEF, cast.brief, "close", actor=cast.editor)
    with pytest.raises(NotNow, match="in clearance"):
        again(cast)


def test_what_stands_above_can_refuse_a_freeze(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cast.sections
    monkeypatch.setattr(freeze_checks, "_providers", [lambda brief: ["Three threads wait for an answer."]])
    with pytest.raises(NotNow, match="Three threads"):
        again(cast)


def test_a_refused_freeze_leaves_nothing(cast: Cast) -> None:
    with pytest.raises(NotNow):
        freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.FIRST)
    assert not Version.objects.exists()
    assert not Event.objects.filter(verb="version.frozen").exists()


def test_freezing_asks_no_more_queries_for_more_sections(cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from brief.actions import add_section

    assert cast.version
    with CaptureQueriesContext(connection) as few:
        again(cast)
    for number in range(12):
        add_section(actor=cast.lead, brief=cast.brief, title=f"More {number}")
    with CaptureQueriesContext(connection) as many:
        again(cast)
    assert len(many) == len(few)


def test_claims_and_words_are_frozen_with_the_version_and_hashed(cast: Cast) -> None:
    claim = add_claim(actor=cast.lead, brief=cast.brief, statement="40 % pay", value=40, note="Between us")
    add_claim(actor=cast.lead, brief=cast.brief, statement="Not in the text")
    body = doc(p(text("40 % pay", mark("claim", id=str(claim.pk)))), p("The Regional Support Office (RSO)."))
    add_section(actor=cast.lead, brief=cast.brief, title="Fees", doc=json.dumps(body))
    first = again(cast)
    found = of_version(first)
    assert [(each.id, each.value) for each in found.register.claims] == [(str(claim.pk), 40)]
    assert [(each.short, each.long) for each in found.acronyms] == [("RSO", "Regional Support Office")]
    assert "Between us" not in first.apparatus.body
    assert again(cast).content_hash == first.content_hash
    edit_claim(actor=cast.lead, claim=claim, year=2023)
    assert again(cast).content_hash != first.content_hash
    assert of_version(first).register.claims[0].year is None

"""The example brief: its size, its story, and that loading it twice doubles nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import transaction
from pytest_django import DjangoDbBlocker

from brief import texts
from brief.actions.concept_notes import concept_note_of
from brief.models import Anchor, Brief, Contradiction, Suggestion, Thread
from brief.models import Version as FrozenVersion
from config.example import library
from config.example.load import load
from document import tree
from release import visibility
from review.models import Invitation, Receipt, ReviewThread, Round
from review.policies import counted


@pytest.fixture(scope="module")
def brief(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Brief]:
    """Loaded once for all of these tests, which only look; rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()[0]
        transaction.set_rollback(True)


def rows() -> dict[str, int]:
    """How many rows every table has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed}


def test_loading_twice_doubles_nothing(brief: Brief) -> None:
    before = rows()
    again, new = load()
    assert again == brief and not new
    assert rows() == before


def test_it_tells_the_whole_story(brief: Brief) -> None:
    assert brief.publishers.count() == 2
    assert set(brief.roles.values_list("role", flat=True)) == {
        *("lead_author", "author", "review_editor", "approver", "observer", "press_officer", "safeguarding")
    }
    first, second = Round.objects.filter(brief=brief).order_by("number")
    assert (first.status, second.status) == ("closed", "open")
    states = Counter(Invitation.objects.filter(round=second).values_list("status", flat=True))
    assert states == {"accepted": 1, "reviewing": 1, "submitted": 1, "invited": 1, "declined": 1, "draft": 1}
    sectors = Invitation.objects.filter(round=first, user__isnull=False).values_list("sector", flat=True)
    assert set(sectors) == {"ngo", "private", "survivor"}
    assert Receipt.objects.filter(invitation__round=first).count() == 3


def test_every_comment_of_the_first_round_is_answered_and_confirmed(brief: Brief) -> None:
    threads = ReviewThread.objects.filter(round__number=1, withdrawn_at=None)
    assert threads.count() >= 12
    assert set(threads.values_list("disposition__status", flat=True)) == {"confirmed"}
    assert len(set(threads.values_list("disposition__outcome", flat=True))) >= 7
    assert threads.filter(disposition__applied_version__isnull=False).count() == 2
    assert not counted(brief).filter(safeguarding=True, cleared_at=None, round__number=1).exists()


def test_an_earlier_edition_is_public_and_the_next_is_being_written(brief: Brief) -> None:
    release = visibility.public().get()
    assert release.brief_id == brief.pk and release.edition == "1.0"
    assert release.sign_offs.filter(decision="signed").count() == 2
    assert not release.gates.exclude(state="green").exists()
    assert brief.status == "drafting"
    assert [each.number for each in FrozenVersion.objects.filter(brief=brief)] == [3, 2, 1]


def test_what_authors_know_is_registered(brief: Brief) -> None:
    claims = {claim.statement: claim for claim in brief.claims.all()}
    marked = [json.dumps(texts.document(section)) for section in brief.sections.all()]
    assert len(claims) == 5
    for claim in claims.values():
        assert sum(f'"id": "{claim.pk}"' in text for text in marked) == 1
    assert claims["between seven and eleven"].value_to == 11
    assert Contradiction.objects.get(claim__brief=brief).resolution
    assert (brief.acronyms.count(), brief.preferred_terms.count(), brief.definitions.count()) == (1, 2, 2)
    assert brief.stakeholders.count() == 6 and brief.sdgs
    assert concept_note_of(brief) is not None


def test_authors_talk_and_a_suggestion_waits(brief: Brief) -> None:
    assert Thread.objects.filter(brief=brief, resolved_at=None).count() == 2
    assert Suggestion.objects.count() == 1
    assert Anchor.objects.exclude(quotation="").count() > 20


@pytest.mark.parametrize("draft", [1, 2, 3])
def test_the_text_is_of_realistic_size(draft: int) -> None:
    given = library.names({}, {"survey": "a", "stages": "b"})
    documents = library.documents(draft, given)
    assert len(documents) >= 9
    nodes = [node for doc in documents.values() for node in tree.walk(doc)]
    kinds = Counter(node["type"] for node in nodes)
    assert kinds["footnote"] >= 12 and kinds["citation"] >= 20
    assert kinds["table"] == 2 and kinds["figure"] == 2
    assert kinds["callout"] >= 6 and kinds["recommendation"] >= 6 and kinds["cross_reference"] >= 10
    words = sum(tree.words(doc) for doc in documents.values())
    assert words >= (5_500, 6_000, 6_000)[draft - 1]


def test_every_reference_of_every_draft_leads_somewhere() -> None:
    known = {source["id"] for source in library.sources()}
    assert len(known) >= 15
    for draft in (1, 2, 3):
        sections = {file.label: f"section-{file.label}" for file in library.sections() if file.first <= draft}
        documents = library.documents(draft, library.names(sections, {"survey": "a", "stages": "b"}))
        nodes = [node for doc in documents.values() for node in tree.walk(doc)]
        ids = {tree.block_id(node) for node in nodes} | set(sections.values())
        for node in nodes:
            if node["type"] == "cross_reference":
                assert node["attrs"]["target"] in ids
            elif node["type"] == "citation":
                assert {item["source"] for item in node["attrs"]["items"]} <= known

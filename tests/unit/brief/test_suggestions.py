"""Suggestions as rows: who made them, who decides, and what is left to tell of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from brief import actions, anchors, steps, suggestions, texts
from brief.actions.suggestions import Decided
from brief.history import pages
from brief.models import Section, Step, Suggestion
from brief.states import Decision, Right
from document import tree
from document.engine import engine
from ledger.models import Event
from ledger.refusals import NotAllowed, NotNow
from tests.cast import Cast
from tests.factories.documents import doc, mark, p, text

pytestmark = pytest.mark.django_db


def submit(cast: Cast, person: Any, *sent: dict[str, Any], client: str = "test") -> None:
    section = Section.objects.get(pk=cast.section.pk)
    answer = steps.submit(
        actor=person,
        brief_id=section.brief_id,
        section_id=section.pk,
        version=section.version,
        client=client,
        key=uuid4().hex,
        schema=engine().schema_version,
        steps=list(sent),
    )
    assert answer.status == 200, answer.body


def insertion(words: str, name: str, at: int = 1) -> dict[str, Any]:
    content = [{"type": "text", "text": words, "marks": [{"type": "insertion", "attrs": {"id": name}}]}]
    return {"stepType": "replace", "from": at, "to": at, "slice": {"content": content}}


def deletion(start: int, end: int, name: str) -> dict[str, Any]:
    return {"stepType": "addMark", "mark": {"type": "deletion", "attrs": {"id": name}}, "from": start, "to": end}


def split(at: int, name: str) -> dict[str, Any]:
    """Enter at a place of the first paragraph, as the editor suggests it."""
    was = {"edge": "split"}
    blocks = [
        {"type": "paragraph", "attrs": {"id": "recruit00001"}},
        {
            "type": "paragraph",
            "attrs": {"id": "splitted0001"},
            "marks": [{"type": "modification", "attrs": {"id": name, "was": was}}],
        },
    ]
    return {
        "stepType": "replace",
        "from": at,
        "to": at,
        "slice": {"content": blocks, "openStart": 1, "openEnd": 1},
    }


def now(cast: Cast) -> str:
    return tree.text(texts.document(Section.objects.get(pk=cast.section.pk)))


def decide(cast: Cast, person: Any, decision: Decision, names: list[str] | None = None) -> int:
    return int(decided(cast, person, decision, names).count)


def decided(cast: Cast, person: Any, decision: Decision, names: list[str] | None = None) -> Any:
    section = Section.objects.get(pk=cast.section.pk)
    return actions.decide_suggestions(actor=person, section=section, decision=decision, identifiers=names)


def take_back(cast: Cast, person: Any, done: Any) -> int:
    section = Section.objects.get(pk=cast.section.pk)
    count: int = actions.take_back_decision(actor=person, section=section, before=done.before, after=done.after)
    return count


def test_the_first_step_with_a_suggestion_writes_down_whose_it_is(cast: Cast) -> None:
    before = timezone.now()
    submit(cast, cast.partner, insertion("Often, ", "s1"))
    row = Suggestion.objects.get(section=cast.section, identifier="s1")
    assert row.author == cast.partner
    assert before <= row.at <= timezone.now()
    assert row.decision == ""
    submit(cast, cast.lead, insertion("and ", "s1", at=8))
    row.refresh_from_db()
    assert row.author == cast.partner, "who goes on in it does not take it over"


def test_taking_marks_off_and_plain_words_write_nothing_down(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    submit(cast, cast.lead, {**deletion(1, 5, "s9"), "stepType": "removeMark"})
    submit(cast, cast.lead, {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [text("Plain. ")]}})
    assert not Suggestion.objects.exists()
    typed = json.dumps(insertion("x", "s1"))
    with django_assert_num_queries(0):
        assert suggestions.added([typed, json.dumps(deletion(1, 2, "s2")), json.dumps(split(3, "s3"))]) == [
            "s1",
            "s2",
            "s3",
        ]


def test_one_is_decided_and_only_that_one(cast: Cast) -> None:
    start = now(cast)
    submit(cast, cast.partner, insertion("Often, ", "s1"), deletion(8, 18, "s1"), insertion("Always, ", "s2"))
    assert decide(cast, cast.lead, Decision.ACCEPTED, ["s1"]) == 1
    assert now(cast) == "Always, Often, " + start.removeprefix("Recruiters")
    assert [each["id"] for each in suggestions.pending(cast.section.__class__.objects.get(pk=cast.section.pk))] == [
        "s2"
    ]
    assert decide(cast, cast.lead, Decision.REJECTED, ["s2"]) == 1
    assert now(cast) == "Often, " + start.removeprefix("Recruiters")


def test_all_are_decided_at_once_and_the_event_counts_them(cast: Cast) -> None:
    start = now(cast)
    submit(cast, cast.partner, insertion("Often, ", "s1"), deletion(30, 40, "s2"), split(50, "s3"))
    assert decide(cast, cast.lead, Decision.REJECTED) == 3
    assert now(cast) == start
    event = Event.objects.get(verb="suggestions.decided")
    assert event.data["suggestions"] == 3
    assert event.data["decision"] == "rejected"


def test_who_suggested_and_who_decided_outlive_the_marks(cast: Cast) -> None:
    submit(cast, cast.partner, insertion("Often, ", "s1"), deletion(8, 18, "s1"))
    decide(cast, cast.lead, Decision.ACCEPTED, ["s1"])
    row = Suggestion.objects.get(identifier="s1")
    assert (row.author, row.decided_by, row.decision) == (cast.partner, cast.lead, "accepted")
    assert (row.before, row.after) == ("Recruiters", "Often,")
    wrote = Step.objects.filter(section=cast.section).order_by("version")
    assert [step.author for step in wrote][:2] == [cast.partner, cast.partner]
    told = suggestions.told(cast.section, cast.lead)
    assert told["pending"] == {}
    assert told["decided"][0]["author"] == cast.partner.name
    assert told["decided"][0]["by"] == cast.lead.name


def test_comments_beside_stay_where_they_were(cast: Cast) -> None:
    assert cast.thread
    submit(cast, cast.partner, insertion("Often, ", "s1"))
    decide(cast, cast.lead, Decision.ACCEPTED)
    section = Section.objects.get(pk=cast.section.pk)
    place = anchors.in_section(section, [cast.thread.anchor])[cast.thread.pk]
    assert (place.block, place.start, place.end) == ("recruit00001", 7, 17)


def test_what_nobody_suggested_any_longer_cannot_be_decided(cast: Cast) -> None:
    with pytest.raises(NotNow, match="no longer"):
        decide(cast, cast.lead, Decision.ACCEPTED)
    submit(cast, cast.partner, insertion("Often, ", "s1"))
    decide(cast, cast.lead, Decision.ACCEPTED, ["s1"])
    with pytest.raises(NotNow, match="no longer"):
        decide(cast, cast.lead, Decision.REJECTED, ["s1"])


def test_who_may_only_suggest_takes_back_their_own_and_decides_about_nothing_else(cast: Cast) -> None:
    actions.give_rights(
        actor=cast.lead, section=cast.section, authors_may=Right.SUGGEST, exceptions={cast.partner: Right.EDIT}
    )
    start = now(cast)
    submit(cast, cast.colleague, insertion("Often, ", "own"))
    submit(cast, cast.lead, insertion("Always, ", "lead"))
    for decision, names in ((Decision.ACCEPTED, ["own"]), (Decision.REJECTED, ["lead"]), (Decision.REJECTED, None)):
        with pytest.raises(NotAllowed, match="take back your own"):
            decide(cast, cast.colleague, decision, names)
    assert decide(cast, cast.colleague, Decision.REJECTED, ["own"]) == 1
    assert decide(cast, cast.partner, Decision.REJECTED) == 1
    assert now(cast) == start
    with pytest.raises(NotAllowed):
        decide(cast, cast.observer, Decision.REJECTED)


def test_marks_that_came_with_a_text_are_decided_too(cast: Cast) -> None:
    made = doc(p(text("Kept "), text("new", mark("insertion", id="w1")), id="imported0001"))
    section = actions.add_section(actor=cast.lead, brief=cast.brief, title="Imported", doc=json.dumps(made))
    actions.decide_suggestions(actor=cast.lead, section=section, decision=Decision.ACCEPTED)
    row = Suggestion.objects.get(section=section)
    assert (row.identifier, row.author, row.decision) == ("w1", None, "accepted")
    assert "insertion" not in texts.current(Section.objects.get(pk=section.pk))[1]


def test_a_thousand_are_decided_in_few_steps_and_few_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    words = [text(f"{n} ", *([mark("deletion", id=f"s{n}")] if n % 2 else [])) for n in range(1200)]
    made = doc(p(*words[:600], id="many00000001"), p(*words[600:], id="many00000002"), p("Last.", id="many00000003"))
    section = actions.add_section(actor=cast.lead, brief=cast.brief, title="Many", doc=json.dumps(made))
    with django_assert_max_num_queries(40):
        done = actions.decide_suggestions(actor=cast.lead, section=section, decision=Decision.ACCEPTED)
    assert done.count == 600
    section = Section.objects.get(pk=section.pk)
    assert "1 " not in tree.text(texts.document(section))[:6]
    edits = [{"op": "replace_text", "block": "many00000003", "from": 0, "to": 4, "text": "End"}]
    section.version = steps.edit(actor=cast.partner, section=section, edits=edits)
    with django_assert_max_num_queries(40):
        back = actions.take_back_decision(actor=cast.lead, section=section, before=done.before, after=done.after)
    assert back == 600 and "0 1 2 3" in tree.text(texts.document(Section.objects.get(pk=section.pk)))


def test_a_decision_without_a_time_is_refused_by_the_table(cast: Cast) -> None:
    row = Suggestion(section=cast.section, identifier="s1", at=timezone.now(), decision="accepted")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    row.decision, row.decided_by = "", cast.lead
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_the_list_costs_the_same_however_long(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for count in (3, 60):
        rows = [
            Suggestion(
                section=cast.section,
                identifier=f"n{count}-{n}",
                author=cast.partner,
                at=timezone.now(),
                decision="rejected" if n % 2 else "",
                decided_at=timezone.now() if n % 2 else None,
                decided_by=cast.lead if n % 2 else None,
            )
            for n in range(count)
        ]
        Suggestion.objects.bulk_create(rows)
        with django_assert_num_queries(2):
            told = suggestions.told(cast.section, cast.partner)
    assert len(told["pending"]) == 32
    assert all(each["mine"] for each in told["pending"].values())


@pytest.mark.parametrize("decision", Decision)
def test_a_decision_taken_back_leaves_each_suggestion_as_it_was(cast: Cast, decision: Decision) -> None:
    submit(cast, cast.partner, insertion("Often, ", "s1"), deletion(8, 18, "s1"), split(40, "s2"))
    before, text_before = waiting(cast), standing(cast)
    at = Suggestion.objects.get(identifier="s1").at
    done = decided(cast, cast.lead, decision)
    # A co-author writes on beside it.
    submit(cast, cast.partner, {"stepType": "replace", "from": 30, "to": 30, "slice": {"content": [text("(!)")]}})
    assert take_back(cast, cast.lead, done) == 2
    assert waiting(cast) == before and standing(cast).replace("(!)", "") == text_before
    row = Suggestion.objects.get(identifier="s1")
    assert (row.author, row.at, row.decision, row.decided_by) == (cast.partner, at, "", None)
    told = suggestions.told(cast.section, cast.lead)
    assert set(told["pending"]) == {"s1", "s2"} and told["decided"] == []
    event = Event.objects.get(verb="suggestions.taken_back")
    assert (event.actor, event.data["decision"], event.data["suggestions"]) == (cast.lead, decision.value, 2)
    timeline, _more = pages.of_section(Section.objects.get(pk=cast.section.pk))
    assert ("act", cast.lead.name) in [(row.kind, row.who) for row in timeline if "took that back" in row.title]
    assert decide(cast, cast.lead, decision) == 2, "and can be decided anew"


def waiting(cast: Cast) -> list[Any]:
    found = suggestions.pending(Section.objects.get(pk=cast.section.pk))
    return [(each["id"], each["before"], each["after"], each["forms"]) for each in found]


def standing(cast: Cast) -> str:
    return texts.current(Section.objects.get(pk=cast.section.pk))[1]


def test_what_somebody_has_changed_since_stays_decided(cast: Cast) -> None:
    submit(cast, cast.partner, insertion("Often, ", "s1"))
    done = decided(cast, cast.lead, Decision.ACCEPTED)
    submit(cast, cast.partner, {"stepType": "replace", "from": 3, "to": 3, "slice": {"content": [text("x")]}})
    with pytest.raises(NotNow, match="changed since"):
        take_back(cast, cast.lead, done)
    assert now(cast).startswith("Ofxten, ")
    assert Suggestion.objects.get(identifier="s1").decision == Decision.ACCEPTED
    # Struck words that went come back only while what stood around them stands.
    submit(cast, cast.partner, deletion(10, 20, "s2"))
    done = decided(cast, cast.lead, Decision.ACCEPTED)
    submit(cast, cast.partner, {"stepType": "replace", "from": 5, "to": 15})
    with pytest.raises(NotNow, match="changed since"):
        take_back(cast, cast.lead, done)


def test_only_a_decision_of_ones_own_and_of_this_sitting_is_taken_back(cast: Cast) -> None:
    submit(cast, cast.partner, insertion("Often, ", "s1"))
    done = decided(cast, cast.lead, Decision.REJECTED)
    with pytest.raises(NotNow, match="of your own"):
        take_back(cast, cast.partner, done)
    with pytest.raises(NotNow, match="of your own"):
        take_back(cast, cast.lead, replace(done, before=done.before - 1))
    with pytest.raises(NotNow, match="of your own"):
        take_back(cast, cast.lead, replace(done, before=done.after, after=done.after + 1))
    Step.objects.filter(section=cast.section).update(at=timezone.now() - timedelta(minutes=31))
    with pytest.raises(NotNow, match="earlier sitting"):
        take_back(cast, cast.lead, done)
    assert now(cast).startswith("Recruiters")


def test_steps_that_only_call_themselves_a_decision_bring_nothing_back(cast: Cast) -> None:
    submit(cast, cast.partner, insertion("Often, ", "s1"))
    bare = {**deletion(1, 8, "s1"), "stepType": "removeMark", "mark": mark("insertion", id="s1")}
    submit(cast, cast.partner, bare, client="accepted-0123456789ab")
    version = Section.objects.get(pk=cast.section.pk).version
    with pytest.raises(NotNow, match="of your own"):
        take_back(cast, cast.partner, Decided(1, version - 1, version))
    assert "insertion" not in standing(cast)


def test_who_may_only_suggest_takes_a_withdrawal_back_and_nothing_else(cast: Cast) -> None:
    submit(cast, cast.partner, insertion("Often, ", "s1"))
    actions.give_rights(actor=cast.lead, section=cast.section, authors_may=Right.SUGGEST, exceptions={})
    withdrawn = decided(cast, cast.partner, Decision.REJECTED)
    assert take_back(cast, cast.partner, withdrawn) == 1
    assert now(cast).startswith("Often, Recruiters")
    actions.give_rights(actor=cast.lead, section=cast.section, authors_may=Right.EDIT, exceptions={})
    accepted = decided(cast, cast.partner, Decision.ACCEPTED)
    actions.give_rights(actor=cast.lead, section=cast.section, authors_may=Right.SUGGEST, exceptions={})
    with pytest.raises(NotAllowed):
        take_back(cast, cast.partner, accepted)
    assert Suggestion.objects.get(identifier="s1").decision == Decision.ACCEPTED


@pytest.mark.parametrize("whole", [True, False])
def test_a_suggestion_that_is_brought_back_is_again_whose_it_was(cast: Cast, whole: bool) -> None:
    submit(cast, cast.partner, insertion("Perhaps. ", "s1"))
    section = Section.objects.get(pk=cast.section.pk)
    then = section.version
    actions.decide_suggestions(actor=cast.lead, section=section, decision=Decision.ACCEPTED, identifiers=None)
    asked: dict[str, Any] = {"actor": cast.lead, "section": section, "version": then, "seen": section.version}
    if whole:
        actions.bring_back_section(**asked)
    else:
        actions.bring_back_block(**asked, block=tree.block_id(texts.document(section)["content"][0]))
    assert [each["id"] for each in suggestions.pending(section)] == ["s1"]
    told = suggestions.told(section, cast.partner)
    assert told["decided"] == []
    assert (told["pending"]["s1"]["author"], told["pending"]["s1"]["mine"]) == (str(cast.partner), True)

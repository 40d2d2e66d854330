"""Find and replace over the whole brief."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brief import actions, steps, suggestions, texts
from brief.models import Brief, Section, Step, Suggestion
from brief.states import BriefState, Decision, Right
from document import tree
from document.engine import engine
from ledger.models import Event
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def find(client: Client, cast: Cast, text: str, **how: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(reverse("brief:find", args=[cast.brief.pk]), {"text": text, **how}).json()
    return found


def post(client: Client, cast: Cast, name: str, sent: Any) -> Any:
    return client.post(reverse(f"brief:{name}", args=[cast.brief.pk]), sent, content_type="application/json")


def words(section: Section) -> str:
    section.refresh_from_db()
    return tree.text(texts.document(section), footnotes=True)


def write(cast: Cast, section: Section, text: str) -> None:
    doc = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]}
    steps.edit(actor=cast.lead, section=section, edits=[{"op": "replace_document", "doc": doc}])


@pytest.fixture
def three(cast: Cast) -> list[Section]:
    chosen: list[Section] = cast.sections[:3]
    for section, text in zip(chosen, ("A broker and a Broker.", "No brokerage here.", "Nothing."), strict=True):
        write(cast, section, text)
    return chosen


def test_it_finds_in_every_section_with_a_count_and_the_words_around(cast: Cast, three: list[Section]) -> None:
    found = find(cast.client(cast.lead), cast, "broker")
    assert found["count"] == 3
    assert [row["id"] for row in found["sections"]] == [str(three[0].pk), str(three[1].pk)]
    assert found["sections"][0]["shown"][1] | {"block": ""} == {
        "block": "",
        "attribute": "",
        "match": "Broker",
        "after": ".",
        "before": "A broker and a ",
    }
    client = cast.client(cast.lead)
    assert find(client, cast, "broker", match_case="true")["count"] == 2
    assert find(client, cast, "broker", whole_words="true")["count"] == 2
    assert find(client, cast, "")["count"] == find(client, cast, "x" * 201)["count"] == 0


def test_it_finds_what_was_typed_a_moment_ago_and_nothing_in_removed_sections(cast: Cast, three: list[Section]) -> None:
    write(cast, three[2], "One more broker.")
    assert find(cast.client(cast.lead), cast, "broker")["count"] == 4
    Section.objects.filter(pk=three[0].pk).update(deleted_at="2026-01-01T00:00Z")
    assert find(cast.client(cast.lead), cast, "broker")["count"] == 2


def test_searching_costs_the_same_queries_for_any_number_of_sections(cast: Cast, three: list[Section]) -> None:
    client = cast.client(cast.lead)
    find(client, cast, "broker")

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            find(client, cast, "broker")
        return len(asked)

    before = count()
    Section.objects.bulk_create(
        Section(brief=cast.brief, title=f"S{number}", order=50 + number) for number in range(20)
    )
    assert count() <= before + 1


def test_it_replaces_in_the_chosen_sections_by_ordinary_steps_and_puts_back(cast: Cast, three: list[Section]) -> None:
    client, before = cast.client(cast.lead), Step.objects.count()
    sent = {"text": "broker", "replacement": "agent", "sections": [str(section.pk) for section in three]}
    answer = post(client, cast, "replace", sent).json()
    assert [row["count"] for row in answer["sections"]] == [2, 1]
    assert [words(section) for section in three] == ["A agent and a agent.", "No agentage here.", "Nothing."]
    assert Step.objects.count() == before + 3
    assert Step.objects.latest("pk").author == cast.lead
    event = Event.objects.filter(verb="text.replaced").get()
    assert "broker" not in json.dumps(event.data) and "agent" not in json.dumps(event.data)
    # A co-author writes on; their words stay, and so does the place they changed.
    three[0].refresh_from_db()
    block = tree.block_id(tree.children(texts.document(three[0]))[0])
    edits = [{"op": "replace_text", "block": block, "from": 2, "to": 7, "text": "dealer"}]
    steps.edit(actor=cast.partner, section=three[0], edits=edits)
    assert post(client, cast, "put_back", answer).json() == {"count": 2}
    assert [words(section) for section in three[:2]] == ["A dealer and a Broker.", "No brokerage here."]


def test_sections_that_are_not_named_stay(cast: Cast, three: list[Section]) -> None:
    sent = {"text": "broker", "replacement": "agent", "sections": [str(three[1].pk)]}
    assert post(cast.client(cast.lead), cast, "replace", sent).json()["count"] == 1
    assert words(three[0]) == "A broker and a Broker."


def test_readers_find_are_told_why_they_cannot_replace_and_cannot(cast: Cast, three: list[Section]) -> None:
    client = cast.client(cast.observer)
    found = find(client, cast, "broker")
    assert found["count"] == 3 and all("Only authors" in row["why_not"] for row in found["sections"])
    sent = {"text": "broker", "replacement": "agent", "sections": [str(three[0].pk)]}
    assert post(client, cast, "replace", sent).status_code == 403
    assert words(three[0]) == "A broker and a Broker."


def test_a_section_that_only_others_write_is_found_and_left(cast: Cast, three: list[Section]) -> None:
    Section.objects.filter(pk=three[0].pk).update(authors_may=Right.READ)
    client = cast.client(cast.partner)
    reasons = [row["why_not"] for row in find(client, cast, "broker")["sections"]]
    assert "read this section" in reasons[0] and reasons[1] == ""
    both = [str(section.pk) for section in three[:2]]
    sent = {"text": "broker", "replacement": "agent", "sections": both}
    assert post(client, cast, "replace", sent).status_code == 403
    assert words(three[1]) == "No brokerage here."
    assert post(client, cast, "replace", sent | {"sections": both[1:]}).json()["count"] == 1


def test_nothing_is_replaced_in_a_closed_brief(cast: Cast, three: list[Section]) -> None:
    Brief.objects.filter(pk=cast.brief.pk).update(status=BriefState.CLEARANCE)
    client = cast.client(cast.lead)
    sent = {"text": "broker", "replacement": "agent", "sections": [str(three[0].pk)]}
    answer = post(client, cast, "replace", sent)
    assert answer.status_code == 409 and "clearance" in answer.json()["error"]
    assert "clearance" in find(client, cast, "broker")["sections"][0]["why_not"]


def test_a_replacement_that_cannot_be_stored_changes_no_section(cast: Cast, three: list[Section]) -> None:
    client = cast.client(cast.lead)
    chosen = [str(section.pk) for section in three]
    for bad in ("\ud83d", "x" * 2001, "null\x00"):
        answer = post(client, cast, "replace", {"text": "broker", "replacement": bad, "sections": chosen})
        assert answer.status_code == 409, bad
    assert [words(section) for section in three[:2]] == ["A broker and a Broker.", "No brokerage here."]


@pytest.mark.parametrize("sent", ["", "[]", "{}", '{"text": 3, "replacement": "x", "sections": []}', "{"])
def test_what_cannot_be_read_is_refused(cast: Cast, sent: str) -> None:
    assert post(cast.client(cast.lead), cast, "replace", sent).status_code == 400


@pytest.mark.parametrize(
    "undo",
    [
        [{"from": 1, "to": 3, "attribute": "", "put": "br", "was": {"content": [{"type": "evil"}]}}],
        [{"from": 0, "to": 0, "attribute": "nothing", "put": None, "was": 1}],
        [{"from": 99999, "to": 99999, "attribute": "", "put": "", "was": None}],
        ["x", None],
    ],
)
def test_an_invented_undo_does_no_harm(cast: Cast, three: list[Section], undo: list[Any]) -> None:
    sent = {"sections": [{"id": str(three[0].pk), "version": 1, "undo": undo}]}
    answer = post(cast.client(cast.lead), cast, "put_back", sent)
    assert answer.status_code in (200, 409)
    assert words(three[0]) == "A broker and a Broker."


def read_as(section: Section, decision: str) -> str:
    """The section's words if everything suggested there were accepted or rejected."""
    section.refresh_from_db()
    doc = json.loads(engine().resolve(texts.current(section)[1], {"*": decision}))
    return tree.text(doc, footnotes=True)


def test_who_suggests_suggests_every_place_alone_and_takes_them_back(cast: Cast, three: list[Section]) -> None:
    client = cast.client(cast.partner)
    chosen = [str(section.pk) for section in three]
    sent = {"text": "broker", "replacement": "agent", "sections": chosen, "suggest": True}
    answer = post(client, cast, "replace", sent).json()
    assert (answer["count"], answer["suggested"], answer["left"]) == (3, 3, 0)
    assert [read_as(each, "reject") for each in three[:2]] == ["A broker and a Broker.", "No brokerage here."]
    assert [read_as(each, "accept") for each in three[:2]] == ["A agent and a agent.", "No agentage here."]
    rows = Suggestion.objects.filter(section__in=three, decision="")
    assert [row.author for row in rows] == [cast.partner] * 3
    # One is accepted meanwhile: it stays. The others go back, and nobody else can take them back.
    first = suggestions.pending(three[0])[0]
    actions.decide_suggestions(actor=cast.lead, section=three[0], decision=Decision.ACCEPTED, identifiers=[first["id"]])
    assert post(cast.client(cast.lead), cast, "put_back", answer).json() == {"count": 0}
    assert post(client, cast, "put_back", answer).json() == {"count": 2}
    assert [words(section) for section in three[:2]] == ["A agent and a Broker.", "No brokerage here."]
    event = Event.objects.filter(verb="text.replaced").get()
    assert event.data == {"places": 3, "suggested": 3, "sections": 2}


def test_where_one_may_only_suggest_places_are_suggested_beside_those_that_are_changed(
    cast: Cast, three: list[Section]
) -> None:
    Section.objects.filter(pk=three[0].pk).update(authors_may=Right.SUGGEST)
    client = cast.client(cast.partner)
    rows = find(client, cast, "broker")["sections"]
    assert [(row["suggests"], row["why_not"]) for row in rows] == [(True, ""), (False, "")]
    sent = {"text": "broker", "replacement": "agent", "sections": [str(section.pk) for section in three]}
    answer = post(client, cast, "replace", sent).json()
    assert (answer["count"], answer["suggested"]) == (3, 2)
    assert read_as(three[0], "reject") == "A broker and a Broker." and words(three[1]) == "No agentage here."
    # What is sent back as plain words does not get past the right.
    forged = {
        "id": str(three[0].pk),
        "version": 1,
        "undo": [{"from": 1, "to": 1, "attribute": "", "put": "", "was": None}],
    }
    assert post(client, cast, "put_back", {"sections": [forged]}).status_code == 403
    assert post(client, cast, "put_back", answer).json() == {"count": 3}
    assert [words(section) for section in three[:2]] == ["A broker and a Broker.", "No brokerage here."]

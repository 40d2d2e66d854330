"""The outline: nested, moved by anybody at once, and who may write where."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from brief import actions, kept, steps, texts
from brief.actions.sections import living
from brief.models import Mention, Section, SectionRight, Suggestion, VersionSection
from brief.states import OrderDraft, Right
from document import canonical
from document.engine import engine
from ledger.people import Leaving
from ledger.refusals import NotAllowed, NotNow
from tests.cast import Cast
from tests.factories.documents import doc, p

pytestmark = pytest.mark.django_db


def outline(cast: Cast) -> str:
    return " ".join("." * row.depth + row.title.split()[0] for row in living(cast.brief))


def test_sections_nest_move_with_what_is_in_them_and_come_back_where_they_were(cast: Cast) -> None:
    one, two, three = cast.sections
    assert outline(cast) == "Recruitment Journeys What"
    actions.shift_section(actor=cast.lead, section=two, way="in")
    actions.move_section(actor=cast.partner, section=three, after=two.pk, depth=2)
    assert outline(cast) == "Recruitment .Journeys ..What"
    with pytest.raises(NotNow):
        actions.move_section(actor=cast.lead, section=two, after=three.pk)
    actions.remove_section(actor=cast.lead, section=two)
    assert outline(cast) == "Recruitment .What"
    actions.restore_section(actor=cast.lead, section=two)
    assert outline(cast) == "Recruitment .Journeys .What"
    actions.add_section(actor=cast.lead, brief=cast.brief, title="Before", order=0)
    actions.move_section(actor=cast.lead, section=one, place=0)
    assert outline(cast) == "Recruitment .Journeys .What Before"
    with pytest.raises(NotNow, match="first"):
        actions.shift_section(actor=cast.lead, section=one, way="up")


def test_a_version_keeps_how_sections_nest_and_its_hash_says_so(cast: Cast) -> None:
    assert cast.sections
    flat = actions.freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.FIRST)
    actions.shift_section(actor=cast.lead, section=cast.sections[1], way="in")
    nested = actions.freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.FIRST)
    rows = VersionSection.objects.filter(version=nested).order_by("order")
    assert [row.depth for row in rows] == [0, 1, 0]
    assert nested.content_hash != flat.content_hash
    assert "depth" not in canonical.SectionDigest(id="a", title="A", text="t").told(), "old hashes hold"


def test_saying_that_one_works_here_keeps_nobody_out_and_ends_by_itself(cast: Cast) -> None:
    section = cast.section
    actions.work_on(actor=cast.partner, section=section)
    assert section.working_by == cast.partner
    assert section.working_until is not None
    assert timedelta(minutes=119) < section.working_until - timezone.now() <= timedelta(hours=2)
    assert section.at_work == cast.partner
    assert write(cast, cast.lead, words("Still. ")).status == 200
    actions.work_on(actor=cast.lead, section=section, working=False)
    assert section.at_work == cast.partner, "another's word is not taken back"
    Section.objects.filter(pk=section.pk).update(working_until=timezone.now() - timedelta(minutes=1))
    section.refresh_from_db()
    assert section.at_work is None
    with pytest.raises(NotAllowed):
        actions.work_on(actor=cast.observer, section=section)


# --- rights ---------------------------------------------------------------------------------------


def words(text: str, *marks: dict[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "text", "text": text}
    if marks:
        node["marks"] = list(marks)
    return {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [node]}}


def insertion(name: str) -> dict[str, Any]:
    return {"type": "insertion", "attrs": {"id": name}}


def write(cast: Cast, person: Any, *sent: dict[str, Any]) -> steps.Answer:
    section = Section.objects.get(pk=cast.section.pk)
    return steps.submit(
        actor=person,
        brief_id=cast.brief.pk,
        section_id=section.pk,
        version=section.version,
        client="test",
        key=f"{person.pk}{section.version}{len(sent)}"[-40:],
        schema=engine().schema_version,
        steps=list(sent),
    )


def test_the_lead_author_says_who_may_write_where(cast: Cast) -> None:
    actions.give_rights(
        actor=cast.lead, section=cast.section, authors_may=Right.READ, exceptions={cast.partner: Right.EDIT}
    )
    assert write(cast, cast.partner, words("Mine. ")).status == 200
    assert write(cast, cast.lead, words("Ours. ")).status == 200
    with pytest.raises(NotAllowed, match="can read this section"):
        write(cast, cast.colleague, words("No. "))
    with pytest.raises(NotAllowed):
        actions.edit_section(actor=cast.colleague, section=cast.section, title="Other")
    with pytest.raises(NotAllowed):
        actions.remove_section(actor=cast.colleague, section=cast.section)
    with pytest.raises(NotAllowed):
        steps.edit(actor=cast.colleague, section=cast.section, edits=[{"kind": "none"}])
    with pytest.raises(NotAllowed):
        actions.give_rights(actor=cast.partner, section=cast.section, authors_may=Right.EDIT, exceptions={})
    with pytest.raises(NotNow):
        actions.give_rights(
            actor=cast.lead, section=cast.section, authors_may=Right.EDIT, exceptions={cast.observer: Right.EDIT}
        )
    actions.give_rights(actor=cast.lead, section=cast.section, authors_may=Right.EDIT, exceptions={})
    assert not SectionRight.objects.filter(section=cast.section).exists()
    assert write(cast, cast.colleague, words("Yes. ")).status == 200


def test_who_may_suggest_only_leaves_the_text_and_others_suggestions_alone(cast: Cast) -> None:
    assert write(cast, cast.lead, words("Theirs. ", insertion("theirs000001"))).status == 200
    actions.give_rights(
        actor=cast.lead, section=cast.section, authors_may=Right.SUGGEST, exceptions={cast.partner: Right.EDIT}
    )
    suggests = words("Perhaps. ", insertion("mine00000001"))
    assert write(cast, cast.colleague, suggests).status == 200
    Suggestion.objects.update_or_create(
        section=cast.section, identifier="mine00000001", defaults={"author": cast.colleague, "at": timezone.now()}
    )
    before = texts.current(Section.objects.get(pk=cast.section.pk))
    refused = [
        words("Plainly. "),
        # Rejects what the lead suggested: its words go.
        {"stepType": "replace", "from": 10, "to": 18},
        # Accepts it: its mark goes.
        {"stepType": "removeMark", "from": 10, "to": 18, "mark": insertion("theirs000001")},
        {"stepType": "addMark", "from": 20, "to": 25, "mark": insertion("theirs000001")},
    ]
    for step in refused:
        answer = write(cast, cast.colleague, step)
        assert (answer.status, answer.body.get("code")) == (422, "suggest"), step
    assert texts.current(Section.objects.get(pk=cast.section.pk)) == before
    assert write(cast, cast.colleague, {"stepType": "replace", "from": 1, "to": 10}).status == 200, "one's own goes"
    assert write(cast, cast.partner, words("Plainly. ")).status == 200


def test_rights_cost_a_step_no_query_more(cast: Cast, django_assert_num_queries: Any) -> None:
    write(cast, cast.colleague, words("Warm. "))
    with django_assert_num_queries(
        5
    ):  # the test's own look, a savepoint, the row with its rights, the writing, release
        write(cast, cast.colleague, words("More. "))
    actions.give_rights(
        actor=cast.lead, section=cast.section, authors_may=Right.READ, exceptions={cast.colleague: Right.EDIT}
    )
    with django_assert_num_queries(5):
        write(cast, cast.colleague, words("More. "))


def test_a_section_added_within_another_keeps_its_place(cast: Cast) -> None:
    assert cast.sections
    made = actions.add_section(
        actor=cast.lead, brief=cast.brief, title="Deeper", order=1, depth=1, doc=json.dumps(doc(p("Words.")))
    )
    assert (made.order, made.depth) == (1, 1)
    assert outline(cast) == "Recruitment .Deeper Journeys What"


def test_who_is_forgotten_has_no_rights_no_claims_and_is_called_no_more(cast: Cast) -> None:
    actions.give_rights(
        actor=cast.lead, section=cast.section, authors_may=Right.READ, exceptions={cast.partner: Right.EDIT}
    )
    actions.work_on(actor=cast.partner, section=cast.section)
    actions.start_thread(actor=cast.lead, section=cast.section, body="Well, @Paz Romero?")
    told = {records.name: list(records.rows) for records in kept.about(cast.partner)}
    assert told["briefs/rights"] == [{"section__title": "Recruitment", "right": "edit"}]
    assert len(told["briefs/mentions"]) == 1
    kept.erase(Leaving(cast.partner, (cast.partner.email,), "Paz Romero", "Former member #1", "former@erased.invalid"))
    assert not SectionRight.objects.exists()
    assert not Mention.objects.exists()
    assert Section.objects.get(pk=cast.section.pk).working_by is None

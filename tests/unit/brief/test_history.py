"""The past of a section: any moment's text, sittings, who wrote what, names, and bringing words back."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from brief import actions, jobs, steps, texts
from brief.history import authorship, hands, moments, sittings, standings
from brief.models import Moment, NamedPoint, Section, Step, Suggestion, Text
from brief.policies import check_open_to_edits
from brief.states import BRIEF, Decision, Right
from document import tree
from document.engine import engine
from ledger.jobs import Running
from ledger.models import Event, Job
from ledger.refusals import NotAllowed, NotNow, allowed
from ledger.transitions import move
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def write(actor: Any, section: Section, words: str, at: int = 0, **fields: Any) -> int:
    """Words typed at an offset of the section's first paragraph; the new version."""
    section.refresh_from_db()
    block = first(section)
    end = fields.pop("end", at)
    edit = {"op": "replace_text", "block": block, "from": at, "to": end, "text": words}
    return steps.edit(actor=actor, section=section, edits=[edit])


def first(section: Section) -> str:
    doc = texts.document(section)
    return next(tree.block_id(node) for node in doc["content"] if node["type"] == "paragraph")


def snapshot(section: Section) -> None:
    jobs.snapshot(Running(Job(payload={"section": str(section.pk)})))
    section.refresh_from_db()


@pytest.fixture
def section(cast: Cast) -> Section:
    return cast.section


# --- moments


def test_every_moment_of_a_section_can_be_read(cast: Cast, section: Section) -> None:
    said = [texts.current(section)[1]]
    for number in range(6):
        write(cast.lead, section, f"{number} ")
        said.append(texts.current(section)[1])
        if number == 2:
            snapshot(section)
    begun = section.version - 6
    for step, expected in enumerate(said, start=begun):
        assert moments.text_at(section, step) == expected


def test_the_text_a_section_began_with_is_kept_when_it_is_first_overwritten(cast: Cast, section: Section) -> None:
    began = section.snapshot
    write(cast.lead, section, "More ")
    snapshot(section)
    snapshot(section)
    assert list(Moment.objects.filter(section=section).values_list("version", "text__body")) == [(0, began)]
    assert moments.text_at(section, 0) == began


def test_a_text_is_kept_every_so_often_and_costs_nothing_twice(
    cast: Cast, section: Section, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moments, "KEEP_EVERY", 3)
    for _time in range(7):
        write(cast.lead, section, "x")
        snapshot(section)
    assert [each.version for each in Moment.objects.filter(section=section)] == [0, 3, 6]
    kept = Text.objects.count()
    moments.keep(section, section.version, section.snapshot)
    assert Text.objects.count() == kept


def test_a_moment_that_never_was_and_one_that_was_not_kept_are_refused(cast: Cast, section: Section) -> None:
    write(cast.lead, section, "x")
    with pytest.raises(NotNow, match="no such moment"):
        moments.text_at(section, section.version + 1)
    text = texts.current(section)[1]
    Section.objects.filter(pk=section.pk).update(snapshot=text, snapshot_version=section.version)
    section.refresh_from_db()
    with pytest.raises(NotNow, match="not kept"):
        moments.text_at(section, 0)


def test_the_past_is_read_in_as_many_queries_however_many_steps(
    cast: Cast, section: Section, django_assert_max_num_queries: Any
) -> None:
    write(cast.lead, section, "x")
    snapshot(section)
    for _time in range(30):
        write(cast.lead, section, "y")
    with django_assert_max_num_queries(6):
        moments.text_at(section, 15)


# --- sittings


def typed(section: Section, author: Any, *minutes: float) -> None:
    """Steps of somebody, so many minutes after the hour."""
    begun = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=12)
    section.refresh_from_db()
    for minute in minutes:
        version = section.version + 1
        step = Step.objects.create(
            section=section, version=version, client="c", key=uuid4().hex, step="{}", maps="[]",
            schema_version=engine().schema_version, author=author,
        )  # fmt: skip
        Step.objects.filter(pk=step.pk).update(at=begun + timedelta(minutes=minute))
        Section.objects.filter(pk=section.pk).update(version=version)
        section.version = version


def test_steps_of_one_person_without_a_long_pause_are_one_sitting(cast: Cast, section: Section) -> None:
    typed(section, cast.lead, 0, 10, 25, 50)
    typed(section, cast.lead, 81, 90)
    found, further = sittings.of_section(section)
    assert [(each.first, each.last, each.steps, each.author) for each in found] == [
        (5, 6, 2, cast.lead),
        (1, 4, 4, cast.lead),
    ]
    assert further is None and found[0].alone


def test_two_people_at_once_are_two_sittings(cast: Cast, section: Section) -> None:
    for minute in range(0, 20, 2):
        typed(section, cast.lead, minute)
        typed(section, cast.colleague, minute + 1)
    found, _further = sittings.of_section(section)
    assert {(each.author, each.steps) for each in found} == {(cast.lead, 10), (cast.colleague, 10)}
    assert not any(each.alone for each in found)


def test_a_long_timeline_comes_in_pages(cast: Cast, section: Section, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sittings, "SHOWN", 3)
    typed(section, cast.lead, *(number * 40 for number in range(8)))
    before: int | None = None
    seen: list[int] = []
    for _page in range(5):
        found, before = sittings.of_section(section, before=before)
        seen += [each.last for each in found]
        if before is None:
            break
    assert seen == [8, 7, 6, 5, 4, 3, 2, 1]


def test_somebody_who_was_forgotten_is_nobody(cast: Cast, section: Section) -> None:
    typed(section, None, 1, 2)
    found, _further = sittings.of_section(section)
    assert found[0].author is None and found[0].steps == 2


# --- who wrote which words


def runs(section: Section) -> list[tuple[str, str]]:
    """The first paragraph's words with who wrote them."""
    found = authorship.of(section)
    block = first(section)
    text = tree.block_text(tree.find(found.doc, block) or {})
    return [(text[start:end], author.name) for start, end, author in found.runs[block]]


def test_each_word_is_its_author_s(cast: Cast, section: Section) -> None:
    before = tree.block_text(tree.find(texts.document(section), first(section)) or {})
    write(cast.lead, section, "Hers ")
    write(cast.colleague, section, "his ", at=2)
    lead, colleague = str(cast.lead), str(cast.colleague)
    assert runs(section) == [("He", lead), ("his ", colleague), ("rs ", lead), (before, "")]
    counted = {author.name: count for author, count in authorship.of(section).words}
    assert counted[lead] == 2 and counted[""] > 1


def test_words_that_were_suggested_stay_their_author_s_after_they_are_accepted(cast: Cast, section: Section) -> None:
    doc = texts.document(section)
    node = next(each for each in doc["content"] if each["type"] == "paragraph")
    insertion = {"type": "insertion", "attrs": {"id": "s1"}}
    inside = {"type": "text", "text": "Suggested. ", "marks": [insertion]}
    slice_ = {"stepType": "replace", "from": position(doc, node) + 1, "to": position(doc, node) + 1}
    steps.change(
        actor=cast.colleague,
        section=section,
        make=lambda _text: [json.dumps({**slice_, "slice": {"content": [inside]}})],
    )
    steps.change(
        actor=cast.lead,
        section=section,
        make=lambda _text: [
            json.dumps({"stepType": "removeMark", "mark": insertion, "from": slice_["from"], "to": slice_["from"] + 11})
        ],
    )
    assert runs(section)[0] == ("Suggested. ", str(cast.colleague))


def position(doc: Any, node: Any) -> int:
    return next(at for at, each in tree.positions(doc) if each is node)


def test_what_was_imported_as_a_suggestion_is_of_whom_the_file_names(cast: Cast) -> None:
    insertion = {"type": "insertion", "attrs": {"id": "w1"}}
    content = [{"type": "text", "text": "From Word", "marks": [insertion]}, {"type": "text", "text": " and before"}]
    doc = {"type": "doc", "content": [{"type": "paragraph", "attrs": {"id": "wordwordword"}, "content": content}]}
    section = actions.add_section(actor=cast.lead, brief=cast.brief, title="Imported", doc=json.dumps(doc))
    Suggestion.objects.create(section=section, identifier="w1", author_name="Wilma Word", at=timezone.now())
    assert runs(section) == [("From Word", "Wilma Word"), (" and before", "")]


def suggest(actor: Any, section: Section, step: dict[str, Any]) -> None:
    steps.change(actor=actor, section=section, make=lambda _text: [json.dumps(step)])


@pytest.mark.parametrize("decision", Decision)
def test_words_whose_decision_was_taken_back_are_still_of_who_wrote_them(cast: Cast, decision: Decision) -> None:
    # A single letter, and words that stand twice, are told apart by their place.
    content = [{"type": "text", "text": "a cat, a dog"}]
    doc = {"type": "doc", "content": [{"type": "paragraph", "attrs": {"id": "aaaaaaaaaaaa"}, "content": content}]}
    section = actions.add_section(actor=cast.lead, brief=cast.brief, title="Whose", doc=json.dumps(doc))
    write(cast.editor, section, "a", at=7, end=8)
    marks = [{"type": "insertion", "attrs": {"id": "s1"}}]
    text = {"type": "text", "text": "s", "marks": marks}
    suggest(cast.colleague, section, {"stepType": "replace", "from": 6, "to": 6, "slice": {"content": [text]}})
    gone = {"type": "deletion", "attrs": {"id": "s2"}}
    suggest(cast.colleague, section, {"stepType": "addMark", "mark": gone, "from": 9, "to": 11})
    whose = runs(section)
    lead, section.version = cast.lead, Section.objects.get(pk=section.pk).version
    done = actions.decide_suggestions(actor=lead, section=section, decision=decision, identifiers=["s1", "s2"])
    write(cast.lead, section, "!", at=0)
    actions.take_back_decision(actor=lead, section=section, before=done.before, after=done.after)
    assert ("s", str(cast.colleague)) in whose and ("a", str(cast.editor)) in whose
    assert runs(section) == [("!", str(lead)), *whose]


@pytest.mark.parametrize("how", ["section", "block", "beside", "gone"])
def test_a_paragraph_brought_back_keeps_its_first_writers(cast: Cast, section: Section, how: str) -> None:
    write(cast.lead, section, "Hers ")
    write(cast.colleague, section, "his ", at=2)
    whose, block, then = runs(section), first(section), texts.document(section)
    step = section.version
    write(cast.editor, section, "neither's ", at=0, end=12)
    write(cast.partner, section, "a late word ", at=10)
    if how == "gone":
        rest = [node for node in then["content"] if tree.block_id(node) != block]
        steps.edit(actor=cast.editor, section=section, edits=[{"op": "become", "doc": {**then, "content": rest}}])
    asked: dict[str, Any] = {"actor": cast.partner, "section": section, "version": step, "seen": section.version}
    if how == "section":
        actions.bring_back_section(**asked)
    else:
        actions.bring_back_block(**asked, block=block, beside=how == "beside")
    found = authorship.of(section)
    same = [node for node in found.doc["content"] if tree.block_text(node) == "".join(words for words, _who in whose)]
    text = tree.block_text(same[0])
    assert len(same) == 1
    assert [(text[a:b], who.name) for a, b, who in found.runs[tree.block_id(same[0])]] == whose


def test_words_taken_out_and_put_in_again_at_once_are_of_who_wrote_them(cast: Cast, section: Section) -> None:
    write(cast.lead, section, "Often ")
    whose = runs(section)
    for at in (5, 4, 3, 2):
        write(cast.colleague, section, "", at=at - 1, end=at)
    write(cast.colleague, section, "ften", at=1)
    assert runs(section) == whose
    # The same letters elsewhere are new.
    write(cast.colleague, section, "ften", at=0)
    assert runs(section) == [("ften", str(cast.colleague)), *whose]


def test_one_letter_taken_out_alone_and_put_in_again_is_of_who_wrote_it(cast: Cast, section: Section) -> None:
    write(cast.lead, section, "Often ")
    whose = runs(section)
    write(cast.colleague, section, "", at=2, end=3)
    write(cast.colleague, section, "t", at=2)
    assert runs(section) == whose
    # One of several that had gone may as well begin another word.
    for at in (5, 4, 3):
        write(cast.colleague, section, "", at=at - 1, end=at)
    write(cast.colleague, section, "t", at=2)
    assert runs(section)[:2] == [("Of", str(cast.lead)), ("t", str(cast.colleague))]


def test_a_redline_tells_who_wrote_what_another_brought_back(cast: Cast, section: Section) -> None:
    old, before = texts.document(section), section.version
    write(cast.colleague, section, "Brought back ")
    then = section.version
    write(cast.lead, section, "", at=0, end=13)
    actions.bring_back_section(actor=cast.lead, section=section, version=then, seen=section.version)
    rows = Step.objects.filter(section=section, version__gt=before).order_by("version")
    writers = hands.Writers()
    told = list(rows.values_list("author_id", "at", "client", "step", "maps"))
    found = hands.followed(old, told, writers, before)
    people = {number: name for number, (name, _at) in writers.people().items()}
    assert [people[hand] for hand in found.came if hand] == [str(cast.colleague)] * 13


def test_words_beyond_the_basic_plane_keep_their_places(cast: Cast, section: Section) -> None:
    write(cast.lead, section, "😀😀 ")
    write(cast.colleague, section, "two ", at=5)
    block = first(section)
    found = authorship.of(section).runs[block]
    assert [(start, end) for start, end, _author in found[:2]] == [(0, 5), (5, 9)]


def test_authorship_asks_as_many_questions_however_many_steps(
    cast: Cast, section: Section, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        write([cast.lead, cast.colleague][number % 2], section, "w ")
    with django_assert_max_num_queries(9):
        authorship.of(section)


# --- names


def test_a_named_moment_is_read_as_it_was(cast: Cast, section: Section) -> None:
    before = texts.document(section)
    point = actions.name_point(actor=cast.colleague, brief=cast.brief, name="  Before the   workshop ")
    write(cast.lead, section, "Later ")
    assert point.name == "Before the workshop"
    found = standings.standing(cast.lead, cast.brief, f"n{point.pk}")
    assert found.publication.sections[0].doc == before
    assert standings.standing(cast.lead, cast.brief, "now").publication.sections[0].doc != before
    with pytest.raises(NotNow, match="name already"):
        actions.name_point(actor=cast.lead, brief=cast.brief, name="Before the workshop")
    actions.remove_point(actor=cast.lead, point=point)
    assert not NamedPoint.objects.exists()


def test_a_moment_without_a_name_is_called_by_its_hour_where_the_author_is(cast: Cast) -> None:
    cast.colleague.zone = "Asia/Kathmandu"
    point = actions.name_point(actor=cast.colleague, brief=cast.brief, name="")
    here = timezone.now().astimezone(ZoneInfo("Asia/Kathmandu"))
    assert re.fullmatch(rf"{here.day} \w+ {here.year}, \d\d:\d\d Kathmandu", point.name)


def test_only_authors_give_names(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.name_point(actor=cast.observer, brief=cast.brief, name="Mine")


def test_a_version_may_carry_a_name(cast: Cast) -> None:
    assert cast.sections
    frozen = actions.freeze(actor=cast.editor, brief=cast.brief, order_draft="first", name="For the ministers ")
    assert frozen.name == "For the ministers"
    assert "For the ministers" in next(iter(standings.choices(cast.approver, cast.brief))).label


def test_who_sees_no_drafts_compares_versions_only(cast: Cast) -> None:
    assert cast.version
    actions.name_point(actor=cast.lead, brief=cast.brief, name="Ours")
    assert [choice.ref for choice in standings.choices(cast.approver, cast.brief)] == ["v1"]
    for ref in ("now", f"n{NamedPoint.objects.get().pk}"):
        with pytest.raises(NotAllowed):
            standings.standing(cast.approver, cast.brief, ref)


# --- bringing back


def test_a_section_is_brought_back_by_steps_and_by_steps_undone(cast: Cast, section: Section) -> None:
    then, step = texts.document(section), section.version
    write(cast.lead, section, "Everything is other now ")
    now, seen = texts.document(section), section.version
    actions.bring_back_section(actor=cast.colleague, section=section, version=step, seen=seen)
    assert texts.document(section) == then and section.version > seen
    last = Step.objects.filter(section=section).latest("version")
    assert last.author == cast.colleague
    event = Event.objects.get(verb="section.brought_back")
    assert event.data == {"moment": step, "before": seen, "after": section.version}
    actions.bring_back_section(actor=cast.lead, section=section, version=seen, seen=section.version)
    assert texts.document(section) == now


def test_a_paragraph_is_brought_back_in_its_place_beside_or_where_it_stood(cast: Cast, section: Section) -> None:
    then, step = texts.document(section), section.version
    block = first(section)
    old = tree.find(then, block)
    write(cast.lead, section, "Changed ")
    actions.bring_back_block(
        actor=cast.lead, section=section, version=step, block=block, seen=section.version, beside=True
    )
    found = [tree.text(node) for node in texts.document(section)["content"]]
    at = next(index for index, words in enumerate(found) if words.startswith("Changed "))
    assert found[at + 1] == tree.text(old or {})
    actions.bring_back_block(actor=cast.lead, section=section, version=step, block=block, seen=section.version)
    assert tree.find(texts.document(section), block) == old
    gone = [node for node in then["content"] if tree.block_id(node) != block]
    steps.edit(actor=cast.lead, section=section, edits=[{"op": "become", "doc": {**then, "content": gone}}])
    actions.bring_back_block(actor=cast.lead, section=section, version=step, block=block, seen=section.version)
    assert texts.document(section) == then


def test_nothing_is_replaced_unseen(cast: Cast, section: Section) -> None:
    step, block = section.version, first(section)
    seen = write(cast.lead, section, "One ")
    write(cast.colleague, section, "Two ")
    with pytest.raises(NotNow, match="since you opened this page"):
        actions.bring_back_section(actor=cast.lead, section=section, version=step, seen=seen)
    with pytest.raises(NotNow, match="since you opened this page"):
        actions.bring_back_block(actor=cast.lead, section=section, version=step, block=block, seen=seen)


def test_other_paragraphs_may_have_changed_meanwhile(cast: Cast, section: Section) -> None:
    step, block = section.version, first(section)
    then = tree.find(texts.document(section), block)
    seen = write(cast.lead, section, "One ")
    other = {"type": "paragraph", "attrs": {"id": ""}, "content": [{"type": "text", "text": "Elsewhere"}]}
    steps.edit(
        actor=cast.colleague, section=section, edits=[{"op": "insert_blocks", "after": block, "blocks": [other]}]
    )
    actions.bring_back_block(actor=cast.lead, section=section, version=step, block=block, seen=seen)
    doc = texts.document(section)
    assert tree.find(doc, block) == then and "Elsewhere" in tree.text(doc)


def test_who_may_not_write_here_brings_nothing_back(cast: Cast, section: Section) -> None:
    step = section.version
    seen = write(cast.lead, section, "x")
    for person in (cast.observer, cast.editor):
        with pytest.raises(NotAllowed):
            actions.bring_back_section(actor=person, section=section, version=step, seen=seen)
    Section.objects.filter(pk=section.pk).update(authors_may=Right.SUGGEST)
    fresh = Section.objects.get(pk=section.pk)
    with pytest.raises(NotAllowed):
        actions.bring_back_section(actor=cast.colleague, section=fresh, version=step, seen=seen)


def test_a_closed_brief_stays_as_it_is(cast: Cast, section: Section) -> None:
    step = section.version
    seen = write(cast.lead, section, "x")
    move(BRIEF, cast.brief, "close", actor=cast.editor, scope=cast.brief.pk)
    section.brief.refresh_from_db()
    assert not allowed(check_open_to_edits, section.brief)
    with pytest.raises(NotNow):
        actions.bring_back_section(actor=cast.lead, section=section, version=step, seen=seen)

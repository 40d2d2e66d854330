"""The authority of a section: what it stores, what it answers, what it refuses."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from pytest_django import DjangoAssertNumQueries

from brief import steps, texts
from brief.models import Section, Step
from brief.policies import check_open_to_edits
from brief.states import BRIEF, BriefState, SectionState
from document import tree
from document.engine import Applied, NotLoaded, engine
from ledger.models import Job
from ledger.refusals import Hidden, NotAllowed, NotNow, allowed
from ledger.transitions import move
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def typed(at: int, words: str) -> dict[str, Any]:
    """The step of a client that types ``words`` at a position."""
    return {"stepType": "replace", "from": at, "to": at, "slice": {"content": [{"type": "text", "text": words}]}}


def submit(cast: Cast, section: Section, sent: list[Any], **given: Any) -> steps.Answer:
    fields: dict[str, Any] = {
        "actor": cast.lead,
        "brief_id": section.brief_id,
        "section_id": section.pk,
        "version": section.version,
        "client": "c1",
        "key": uuid4().hex,
        "schema": engine().schema_version,
        "steps": sent,
    }
    return steps.submit(**{**fields, **given})


def now(section: Section) -> str:
    return tree.text(texts.document(Section.objects.get(pk=section.pk)))


def test_a_step_is_stored_with_its_map_and_its_author(cast: Cast) -> None:
    answer = submit(cast, cast.section, [typed(1, "Often, ")])
    row = Step.objects.get(section=cast.section)
    assert answer.status == 200
    assert answer.body["version"] == row.version == 1
    assert json.loads(row.maps) == [1, 0, 7]
    assert row.author == cast.lead
    assert now(cast.section).startswith("Often, Recruiters")


def test_the_answer_carries_the_hash_of_todays_document(cast: Cast) -> None:
    answer = submit(cast, cast.section, [typed(1, "Often, ")])
    row = Section.objects.get(pk=cast.section.pk)
    assert answer.body["hash"] == engine().hash(texts.current(row)[1])


def test_a_retried_key_answers_as_the_first_time_and_stores_nothing_twice(cast: Cast) -> None:
    first = submit(cast, cast.section, [typed(1, "a"), typed(2, "b")], key="same")
    again = submit(cast, cast.section, [typed(1, "a"), typed(2, "b")], key="same")
    assert first == again
    assert Step.objects.filter(section=cast.section).count() == 2


def test_other_words_under_a_used_key_are_refused_and_not_called_saved(cast: Cast) -> None:
    submit(cast, cast.section, [typed(1, "a"), typed(2, "b")], key="same")
    for sent, version in (([typed(1, "x")], 0), ([typed(1, "x"), typed(2, "y")], 1), ([typed(1, "x")] * 2, 2)):
        answer = submit(cast, cast.section, sent, key="same", version=version)
        assert answer.status == 422, version
    assert Step.objects.filter(section=cast.section).count() == 2


def test_another_clients_key_is_not_ones_own(cast: Cast) -> None:
    submit(cast, cast.section, [typed(1, "first ")], client="one", key="same")
    answer = submit(cast, cast.section, [typed(1, "second ")], client="two", key="same")
    assert answer.status == 409


def test_an_edit_in_an_action_that_fails_is_forgotten(cast: Cast) -> None:
    class Crash(Exception):
        pass

    edits = [{"op": "replace_text", "block": "recruit00001", "from": 0, "to": 10, "text": "Ghosts"}]
    with pytest.raises(Crash), transaction.atomic():
        steps.edit(actor=cast.lead, section=cast.section, edits=edits)
        raise Crash
    with pytest.raises(NotLoaded):
        engine().text(str(cast.section.pk), 1)


def test_a_client_that_is_behind_gets_what_it_missed(cast: Cast) -> None:
    submit(cast, cast.section, [typed(1, "first ")], client="other")
    answer = submit(cast, cast.section, [typed(1, "second ")])
    assert answer.status == 409
    assert answer.body["version"] == 1
    assert answer.body["clients"] == ["other"]
    assert answer.body["steps"][0]["slice"]["content"][0]["text"] == "first "
    assert now(cast.section).startswith("first Recruiters")


def test_a_client_ahead_of_what_is_kept_is_told_to_reload(cast: Cast) -> None:
    answer = submit(cast, cast.section, [typed(1, "x")], version=7)
    assert (answer.status, answer.body["reload"]) == (410, True)


def test_a_stale_editor_is_told_to_reload(cast: Cast) -> None:
    answer = submit(cast, cast.section, [typed(1, "x")], schema=engine().schema_version + 1)
    assert (answer.status, answer.body["reload"]) == (410, True)


def test_a_removed_section_says_so(cast: Cast) -> None:
    Section.objects.filter(pk=cast.section.pk).update(deleted_at="2026-01-01T00:00Z")
    assert submit(cast, cast.section, [typed(1, "x")]).status == 410


@pytest.mark.parametrize(
    "step",
    [
        {"stepType": "replace", "from": 9, "to": 3},
        {"stepType": "replace", "from": 1, "to": 99999},
        {"stepType": "nonsense"},
        {"stepType": "addMark", "from": 1, "to": 4, "mark": {"type": "link", "attrs": {"href": "javascript:alert(1)"}}},
        {"stepType": "attr", "pos": 0, "attr": "id", "value": {"__proto__": 1}},
        "not a step",
        None,
    ],
)
def test_a_refused_step_leaves_nothing_and_says_why(cast: Cast, step: Any) -> None:
    before = now(cast.section)
    answer = submit(cast, cast.section, [typed(1, "fine "), step])
    assert answer.status == 422
    assert answer.body["error"]
    assert Step.objects.count() == 0
    assert now(cast.section) == before


def test_too_many_steps_at_once_are_refused(cast: Cast) -> None:
    assert submit(cast, cast.section, [typed(1, "x")] * (steps.MOST_STEPS + 1)).status == 422


@pytest.mark.parametrize("name", ["observer", "editor", "approver", "press"])
def test_who_is_no_author_may_not_write(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed, match="Only authors"):
        submit(cast, cast.section, [typed(1, "x")], actor=cast[name])


@pytest.mark.parametrize("name", ["outsider", "former", "reviewer"])
def test_a_stranger_learns_nothing(cast: Cast, name: str) -> None:
    with pytest.raises(Hidden):
        submit(cast, cast.section, [typed(1, "x")], actor=cast[name])


@pytest.mark.parametrize("name", ["lead", "colleague", "partner"])
def test_authors_of_both_organisations_write(cast: Cast, name: str) -> None:
    assert submit(cast, cast.section, [typed(1, "x")], actor=cast[name]).status == 200


def test_a_brief_in_clearance_is_closed(cast: Cast) -> None:
    assert cast.sections
    move(BRIEF, cast.brief, "close", actor=cast.editor, scope=cast.brief.pk)
    with pytest.raises(NotNow, match="in clearance"):
        submit(cast, cast.section, [typed(1, "x")])


def test_writing_begins_an_empty_section(cast: Cast) -> None:
    from brief.actions import add_section

    section = add_section(actor=cast.lead, brief=cast.brief, title="New")
    assert section.status == SectionState.EMPTY
    submit(cast, section, [typed(1, "Words")])
    assert Section.objects.get(pk=section.pk).status == SectionState.DRAFT


def test_after_a_rolled_back_transaction_the_engine_forgets_what_did_not_happen(cast: Cast) -> None:
    class Crash(Exception):
        pass

    assert cast.section
    with pytest.raises(Crash), transaction.atomic():
        submit(cast, cast.section, [typed(1, "ghost ")])
        engine().forget(str(cast.section.pk), 0)
        raise Crash
    submit(cast, cast.section, [typed(1, "real ")])
    assert now(cast.section).startswith("real Recruiters")


def test_the_text_is_rebuilt_from_snapshot_and_steps_when_the_engine_has_forgotten_it(cast: Cast) -> None:
    for number in range(5):
        cast.section.version = number
        submit(cast, cast.section, [typed(1, f"{number} ")])
    engine().forget(str(cast.section.pk), -1)
    assert now(cast.section).startswith("4 3 2 1 0 Recruiters")


def test_a_snapshot_is_written_when_the_section_falls_quiet(cast: Cast) -> None:
    submit(cast, cast.section, [typed(1, "Often, ")])
    job = Job.objects.get(kind="section.snapshot")
    Job.objects.filter(pk=job.pk).update(due_at=job.created_at)
    from ledger import jobs

    assert jobs.run(job.pk)
    row = Section.objects.get(pk=cast.section.pk)
    assert (row.snapshot_version, row.words) == (1, tree.words(texts.document(row)))
    assert "Often, " in row.snapshot


def test_many_steps_ask_for_one_snapshot_only(cast: Cast) -> None:
    for number in range(6):
        cast.section.version = number
        submit(cast, cast.section, [typed(1, "x")])
    assert Job.objects.filter(kind="section.snapshot").count() == 1


def test_the_database_refuses_to_alter_a_step(cast: Cast) -> None:
    submit(cast, cast.section, [typed(1, "x")])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Step.objects.update(step="{}")


def test_a_steps_queries_do_not_grow_with_the_texts_history(cast: Cast, django_assert_max_num_queries: Any) -> None:
    submit(cast, cast.section, [typed(1, "x")])
    for number in range(1, 30):
        cast.section.version = number
        submit(cast, cast.section, [typed(1, "x")])
    cast.section.version = 30
    with django_assert_max_num_queries(12):
        submit(cast, cast.section, [typed(1, "x")])


def test_the_servers_own_edit_is_a_step_like_any_other(cast: Cast) -> None:
    version = steps.edit(
        actor=cast.lead,
        section=cast.section,
        edits=[{"op": "replace_text", "block": "recruit00001", "from": 0, "to": 10, "text": "Agents"}],
    )
    assert version == Section.objects.get(pk=cast.section.pk).version > 0
    assert now(cast.section).startswith("Agents promise work abroad")


def test_an_edit_of_an_unknown_block_is_refused(cast: Cast) -> None:
    edits = [{"op": "replace_text", "block": "nowhere", "from": 0, "to": 1, "text": "x"}]
    with pytest.raises(NotNow):
        steps.edit(actor=cast.lead, section=cast.section, edits=edits)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_on_one_section_lose_nothing(cast: Cast) -> None:
    """Eight writers race on one section, each pulling and trying again: all their words arrive."""
    from threading import Thread

    section = cast.section
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(4):
                answer = steps.Answer(409, {})
                while answer.status == 409:
                    row = Section.objects.get(pk=section.pk)
                    answer = submit(cast, row, [typed(1, f"[{name}{number}]")], client=name)
                assert answer.status == 200
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    writers = [Thread(target=write, args=(name,)) for name in "abcdefgh"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failures
    text = now(section)
    assert all(text.count(f"[{name}{number}]") == 1 for name in "abcdefgh" for number in range(4))


def behind(section: Section, version: int) -> Section:
    """This process's engine at ``version``, as if another process had taken the steps since."""
    engine().forget(str(section.pk), version)
    texts.seen(section.pk, version)
    return Section.objects.get(pk=section.pk)


def test_a_process_that_is_a_few_steps_behind_reads_only_those(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in range(5):
        submit(cast, cast.section, [typed(1 + version, "x")], version=version)
    expected = now(cast.section)
    section = behind(cast.section, 3)
    monkeypatch.setattr(texts, "_replayed", lambda *given: pytest.fail("the whole text was read again"))
    answer = submit(cast, section, [typed(1, "y")])
    assert answer.status == 200
    assert answer.body["hash"] == texts.head_hash(Section.objects.get(pk=section.pk))
    assert now(section) == f"y{expected}"


def test_a_process_that_remembers_a_text_it_no_longer_holds_reads_it_again(cast: Cast) -> None:
    for version in range(3):
        submit(cast, cast.section, [typed(1, "x")], version=version)
    section = behind(cast.section, 2)
    engine().forget(str(section.pk), -1)
    assert now(section).startswith("xxxRecruiters")


def test_a_process_far_behind_reads_the_whole(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in range(3):
        submit(cast, cast.section, [typed(1, "x")], version=version)
    monkeypatch.setattr(texts, "MOST_BEHIND", 1)
    section = behind(cast.section, 0)
    assert now(section).startswith("xxxRecruiters")


def test_an_engine_that_is_replaced_between_loading_and_applying_is_asked_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = engine().apply
    losses = [1, 1]

    def loses(*given: Any) -> Any:
        if losses and losses.pop():
            raise NotLoaded("replaced")
        return asked(*given)

    monkeypatch.setattr(engine(), "apply", loses)
    assert submit(cast, cast.section, [typed(1, "x")]).status == 200


def test_a_brief_that_closes_while_a_step_waits_for_its_turn_takes_it_no_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before the row was locked may be yesterday's: the statement that writes looks again."""
    applied = steps._apply

    def closing(section: Section, sent: str) -> Applied:
        type(section.brief).objects.filter(pk=section.brief_id).update(status=BriefState.CLEARANCE)
        return applied(section, sent)

    monkeypatch.setattr(steps, "_apply", closing)
    before = now(cast.section)
    with pytest.raises(NotNow, match="clearance"):
        submit(cast, cast.section, [typed(1, "Late ")])
    assert not Step.objects.filter(section=cast.section).exists()
    assert Section.objects.get(pk=cast.section.pk).version == cast.section.version
    assert now(cast.section) == before


@pytest.mark.parametrize("state", list(BriefState))
def test_the_statement_that_writes_knows_the_states_that_are_open(cast: Cast, state: BriefState) -> None:
    cast.brief.status = state
    assert allowed(check_open_to_edits, cast.brief) == (state == BriefState.DRAFTING)


def test_somebody_without_a_part_is_told_nothing_and_a_removed_section_is_gone(cast: Cast) -> None:
    with pytest.raises(Hidden):
        submit(cast, cast.section, [typed(1, "x")], actor=cast.outsider)
    assert submit(cast, cast.section, [typed(1, "x")], section_id=uuid4()).status == 410


def test_a_step_asks_two_questions_of_the_database(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    submit(cast, cast.section, [typed(1, "Once ")])
    # Two more are of the test itself, whose transaction holds this one: a savepoint, and its end.
    with django_assert_num_queries(4):
        submit(cast, cast.section, [typed(1, "and ")], version=1)

"""Where comments stand after the text was changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from brief import anchors, steps, threads
from brief.actions import add_section
from brief.models import Anchor, Section, Thread
from brief.states import Circle
from document.anchors import State
from ledger.refusals import NotNow
from tests.cast import Cast

pytestmark = pytest.mark.django_db

BLOCK = "recruit00001"
#: “Recruiters promise work abroad, and some …”
PROMISE = (11, 18)


def comment(cast: Cast, start: int = PROMISE[0], end: int = PROMISE[1], **fields: Any) -> Thread:
    given = {"brief": cast.brief, "circle": Circle.AUTHORS, "author": cast.lead, "body": "Really?"}
    place = {"section": cast.section, "block": BLOCK, "start": start, "end": end}
    return threads.start(**{**given, **place, **fields}).thread


def replace(cast: Cast, start: int, end: int, words: str, block: str = BLOCK) -> None:
    section = Section.objects.get(pk=cast.section.pk)
    edit = {"op": "replace_text", "block": block, "from": start, "to": end, "text": words}
    steps.edit(actor=cast.lead, section=section, edits=[edit])


def where(thread: Thread) -> Any:
    return anchors.today([Anchor.objects.get(pk=thread.pk)])[thread.pk]


def test_an_anchor_keeps_the_quotation_and_what_stands_around_it(cast: Cast) -> None:
    anchor = comment(cast).anchor
    assert (anchor.quotation, anchor.prefix) == ("promise", "Recruiters ")
    assert anchor.suffix.startswith(" work abroad")


def test_untouched_words_are_exact(cast: Cast) -> None:
    found = where(comment(cast))
    assert (found.state, found.block, found.start, found.end) == (State.EXACT, BLOCK, *PROMISE)
    assert found.section == str(cast.section.pk)


def test_words_before_shift_the_place(cast: Cast) -> None:
    thread = comment(cast)
    replace(cast, 0, 10, "Agents")
    found = where(thread)
    assert (found.state, found.start, found.end) == (State.EXACT, 7, 14)


def test_changed_words_are_moved(cast: Cast) -> None:
    thread = comment(cast)
    replace(cast, 13, 15, "XX")
    assert where(thread).state == State.MOVED


def test_deleted_words_are_deleted_and_found_again_when_written_anew(cast: Cast) -> None:
    thread = comment(cast, 0, 30)
    replace(cast, 0, 30, "")
    assert where(thread).state == State.DELETED
    replace(cast, 0, 0, "Recruiters promise work abroad")
    assert where(thread).state in {State.REFOUND, State.EXACT, State.MOVED}


def test_a_paragraph_moved_to_another_section_is_found_there(cast: Cast) -> None:
    thread = comment(cast)
    section = Section.objects.get(pk=cast.section.pk)
    emptied = '{"type":"doc","content":[{"type":"paragraph","attrs":{"id":"other0000001"}}]}'
    steps.edit(actor=cast.lead, section=section, edits=[{"op": "replace_document", "doc": json.loads(emptied)}])
    words = "Recruiters promise work abroad, and some of the promises are kept."
    text = {
        "type": "doc",
        "content": [{"type": "paragraph", "attrs": {"id": BLOCK}, "content": [{"type": "text", "text": words}]}],
    }
    other = add_section(actor=cast.lead, brief=cast.brief, title="Elsewhere", doc=json.dumps(text))
    found = where(thread)
    assert (found.state, found.section) == (State.REFOUND, str(other.pk))


def test_advancing_stores_what_today_says_and_changes_nothing_of_it(cast: Cast) -> None:
    thread = comment(cast)
    replace(cast, 0, 10, "Agents")
    before = where(thread)
    assert anchors.advance(Section.objects.get(pk=cast.section.pk)) == 1
    stored = Anchor.objects.get(pk=thread.pk)
    assert stored.mapped_step == Section.objects.get(pk=cast.section.pk).version
    assert where(thread) == before
    replace(cast, 0, 6, "Brokers")
    assert (where(thread).start, where(thread).state) == (8, State.EXACT)


def test_words_lost_once_are_found_again_after_the_steps_so_far_are_left_behind(cast: Cast) -> None:
    thread = comment(cast, 0, 30)
    replace(cast, 0, 30, "")
    section = Section.objects.get(pk=cast.section.pk)
    anchors.advance(section)
    # Otherwise every opening of the text would read all steps since the deletion.
    assert Anchor.objects.get(pk=thread.pk).mapped_step == section.version
    assert where(thread).state == State.DELETED
    replace(cast, 0, 0, "Recruiters promise work abroad")
    assert where(thread).state in {State.REFOUND, State.EXACT, State.MOVED}


def test_advancing_never_takes_an_anchor_back(cast: Cast) -> None:
    thread = comment(cast)
    replace(cast, 0, 10, "Agents")
    now = Section.objects.get(pk=cast.section.pk)
    anchors.advance(now)
    stored = Anchor.objects.get(pk=thread.pk)
    Anchor.objects.filter(pk=thread.pk).update(mapped_step=now.version + 5)
    anchors._store(now.version, [(thread.pk, "deleted", "", 0, 0, now.version)])
    again = Anchor.objects.get(pk=thread.pk)
    assert (again.state, again.mapped_start) == (stored.state, stored.mapped_start)


def test_a_comment_on_the_section_as_a_whole_stands_as_long_as_the_section(cast: Cast) -> None:
    thread = comment(cast, 0, 0, block="")
    replace(cast, 0, 10, "Agents")
    assert where(thread).state == State.EXACT


def test_the_other_sections_are_read_only_when_words_are_gone(cast: Cast, django_assert_num_queries: Any) -> None:
    thread = comment(cast, 0, 30)
    replace(cast, 0, 30, "")
    where(thread)
    row = Anchor.objects.get(pk=thread.pk)
    with django_assert_num_queries(3):
        assert anchors.today([row])[thread.pk].state == State.DELETED


def test_looking_stores_nothing(cast: Cast, django_assert_num_queries: Any) -> None:
    thread = comment(cast)
    replace(cast, 0, 10, "Agents")
    row = Anchor.objects.get(pk=thread.pk)
    where(thread)  # the engine loads today's text once
    with django_assert_num_queries(2) as seen:
        anchors.today([row])
    assert not any(query["sql"].startswith(("UPDATE", "INSERT")) for query in seen.captured_queries)


def test_many_anchors_cost_no_more_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    rows = [comment(cast).anchor for _ in range(20)]
    replace(cast, 0, 10, "Agents")
    anchors.today(rows[:1])  # the engine loads today's text once
    with django_assert_num_queries(2):
        anchors.today(rows)


def test_a_comment_on_a_frozen_version_is_followed_to_todays_text(cast: Cast) -> None:
    version = cast.version
    replace(cast, 0, 10, "Agents")
    thread = comment(cast, version=version, circle=Circle.ROUND)
    assert thread.anchor.quotation == "promise"
    assert (where(thread).start, where(thread).state) == (7, State.EXACT)


@pytest.mark.parametrize("place", [{"block": "nowhere00000"}, {"start": 5, "end": 3}, {"start": 0, "end": 4000}])
def test_a_place_that_is_not_in_the_text_is_refused(cast: Cast, place: dict[str, Any]) -> None:
    with pytest.raises(NotNow):
        comment(cast, **place)
    assert not Thread.every.exists()


def test_a_comment_needs_words(cast: Cast) -> None:
    with pytest.raises(NotNow, match="needs words"):
        comment(cast, body="  \n")


def test_the_default_manager_shows_only_the_authors_circle(cast: Cast) -> None:
    mine = comment(cast)
    comment(cast, circle=Circle.ROUND, version=cast.version)
    assert list(Thread.objects.all()) == [mine]
    assert Thread.every.count() == 2

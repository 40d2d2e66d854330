"""The writing room costs the same with thousands of comments as with a few (SPEED)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brief import conversation, outlines, room
from brief.actions.sections import add_section
from brief.actions.threads import resolve_thread, start_thread
from brief.models import Anchor, Comment, Section, Thread
from tests.cast import Cast
from tests.factories.documents import doc, heading, p

pytestmark = pytest.mark.django_db
BLOCK = "recruit00001"


def many(cast: Cast, number: int) -> list[Thread]:
    """Threads on the first word, written as rows: what is tried is reading them."""
    section, now = cast.section, timezone.now()
    threads = Thread.every.bulk_create(
        Thread(brief=cast.brief, section=section, created_by=cast.lead) for _ in range(number)
    )
    place = {"section": section, "block": BLOCK, "start": 0, "end": 10, "step": 0, "mapped_step": 0}
    Anchor.objects.bulk_create(Anchor(thread=thread, quotation="Recruiters", **place) for thread in threads)
    Comment.objects.bulk_create(
        Comment(thread=thread, author=cast.lead, body=f"Number {order}.", at=now)
        for order, thread in enumerate(threads)
    )
    return threads


def path(cast: Cast) -> str:
    return f"/write/{cast.brief.pk}/sections/{cast.section.pk}/"


def shown(content: bytes) -> list[str]:
    return re.findall(r'<article class="thread[^"]*" id="thread-([0-9a-f-]{36})"', content.decode())


def test_hundreds_of_threads_cost_no_more_queries_nor_bytes_than_one_page_of_them(cast: Cast) -> None:
    client = cast.client(cast.lead)
    many(cast, conversation.SHOWN + 1)
    client.get(path(cast))
    with CaptureQueriesContext(connection) as few:
        little = client.get(path(cast)).content
    many(cast, 400)
    with CaptureQueriesContext(connection) as lots:
        much = client.get(path(cast)).content
    assert len(lots) == len(few) <= 12, [query["sql"][:200] for query in lots]
    assert len(much) <= len(little) * 1.05


def test_the_first_page_has_the_oldest_open_threads_and_the_way_to_the_others(cast: Cast) -> None:
    threads = many(cast, conversation.SHOWN + 5)
    resolve_thread(actor=cast.lead, thread=threads[0])
    client = cast.client(cast.lead)
    first, second = (client.get(path(cast), {"page": number}).content for number in (1, 2))
    assert len(shown(first)) == conversation.SHOWN and len(shown(second)) == 5
    assert str(threads[0].pk) == shown(second)[-1], "what is settled comes last"
    assert 'rel="next"' in first.decode()
    assert {*shown(first), *shown(second)} == {str(thread.pk) for thread in threads}


def test_the_thread_that_was_asked_for_is_there_whatever_page_it_is_on(cast: Cast) -> None:
    threads = many(cast, conversation.SHOWN + 5)
    client = cast.client(cast.lead)
    asked = client.get(path(cast), {"thread": str(threads[-1].pk)}).content
    assert shown(asked)[0] == str(threads[-1].pk)
    assert len(shown(asked)) == conversation.SHOWN + 1
    assert str(threads[-1].pk) in marks(asked), "and its words are marked in the text"


def marks(content: bytes) -> list[str]:
    found = re.search(r'<script id="writing-anchors" type="application/json">(.*?)</script>', content.decode(), re.S)
    assert found
    return [each["thread"] for each in json.loads(found[1])]


@pytest.mark.parametrize("asked", ["nonsense", "0" * 32, ""])
def test_a_thread_that_is_not_here_changes_nothing(cast: Cast, asked: str) -> None:
    assert cast.thread
    response = cast.client(cast.lead).get(path(cast), {"thread": asked, "page": "x"})
    assert response.status_code == 200
    assert shown(response.content) == [str(cast.thread.pk)]


def test_a_thread_of_another_circle_is_not_shown_by_asking_for_it(cast: Cast) -> None:
    other = cast.comment
    assert shown(cast.client(cast.lead).get(path(cast), {"thread": str(other.pk)}).content) == []


def test_answering_leads_back_to_the_thread_whatever_page_it_is_on(cast: Cast) -> None:
    threads = many(cast, conversation.SHOWN + 1)
    client = cast.client(cast.lead)
    answer = client.post(f"/write/{cast.brief.pk}/threads/{threads[-1].pk}/reply/", {"body": "Yes."}, follow=True)
    assert b"Yes." in answer.content


def test_a_kept_card_is_made_anew_when_something_is_said_or_settled(cast: Cast) -> None:
    thread = start_thread(actor=cast.lead, section=cast.section, body="Why?", block=BLOCK, start=0, end=10)
    client = cast.client(cast.lead)
    assert b"Settle" in client.get(path(cast)).content
    resolve_thread(actor=cast.lead, thread=thread)
    assert b"Take up again" in client.get(path(cast)).content
    cast.lead.name = "Lea Anders"
    cast.lead.save()
    assert b"Lea Anders</strong>" in client.get(path(cast)).content


def test_kept_cards_carry_each_ones_own_token(cast: Cast) -> None:
    assert cast.thread
    for person in (cast.lead, cast.partner):
        client = cast.client(person)
        content = client.get(path(cast)).content.decode()
        card = content[content.index(f'id="thread-{cast.thread.pk}"') :]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w{64})"', card)
        assert token
        fields = {"body": "So it is.", "csrfmiddlewaretoken": token[1]}
        strict = cast.client(person)
        strict.handler.enforce_csrf_checks = True
        strict.cookies["csrftoken"] = client.cookies["csrftoken"].value
        assert strict.post(f"/write/{cast.brief.pk}/threads/{cast.thread.pk}/reply/", fields).status_code == 302


def test_who_only_reads_gets_cards_without_forms(cast: Cast) -> None:
    assert cast.thread
    assert shown(cast.client(cast.editor).get(path(cast)).content) == [], "not of the authors' circle"


# --- what a page knows of the other sections --------------------------------------------------------


def test_the_numbers_of_a_section_go_on_from_those_before_it(cast: Cast) -> None:
    sections = list(Section.objects.filter(brief=cast.brief).order_by("order")) or cast.sections
    around = room.surroundings(sections, sections[2])
    assert around.firsts == {"paragraph": 4, "footnote": 1, "series": "{}"}
    assert [each["label"] for each in around.targets if each["section"] == "Recruitment"] == [
        "Section “Recruitment”",
        "Paragraph 1",
        "Paragraph 2",
    ]


def test_the_editor_reads_its_own_sections_targets_from_the_text(cast: Cast) -> None:
    around = room.surroundings(cast.sections, cast.sections[0])
    assert [each["kind"] for each in around.targets if each["section"] == "Recruitment"] == ["section"]
    figures = [each for each in around.targets if each["kind"] == "figure"]
    assert [(each["label"], each["text"]) for each in figures] == [("Figure 1", "Fees by country")]


def test_another_section_is_read_again_only_when_it_has_changed(cast: Cast, django_assert_num_queries: Any) -> None:
    sections = cast.sections
    outlines.of(sections)
    with django_assert_num_queries(0):
        outlines.of(sections)
    made = add_section(
        actor=cast.lead, brief=cast.brief, title="More", doc=json.dumps(doc(heading(1, "Why"), p("Because.")))
    )
    with django_assert_num_queries(1):
        found = outlines.of([*sections, made])
    assert [target.words for target in found[-1].targets] == ["Why", "Because."]

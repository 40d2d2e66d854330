"""The pages of history and comparison, as people see them: without scripts, each as much as they may."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brief import actions, steps, texts
from brief.models import NamedPoint, Section
from brief.states import OrderDraft
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def page(cast: Cast, person: Any, name: str, *args: Any, **query: Any) -> Any:
    url = reverse(f"brief:{name}", args=[cast.brief.pk, *args])
    return cast.client(person).get(f"{url}?{urlencode(query)}" if query else url)


def write(cast: Cast, words: str, block: str = "recruit00001", person: Any = None) -> Section:
    section = cast.section
    edit = {"op": "replace_text", "block": block, "from": 0, "to": 10, "text": words}
    steps.edit(actor=person or cast.lead, section=section, edits=[edit])
    return section


def freeze(cast: Cast, **fields: Any) -> Any:
    return actions.freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.SECOND, **fields)


def test_the_timeline_groups_by_person_and_leads_to_what_changed(cast: Cast) -> None:
    section = write(cast, "Agents")
    write(cast, "Brokers", block="recruit00002", person=cast.colleague)
    answer = page(cast, cast.observer, "section_history", section.pk).content.decode()
    assert str(cast.lead) in answer and str(cast.colleague) in answer and "1 change" in answer
    assert f"/compare/?section={section.pk}&amp;from=0&amp;to=1" in answer
    whole = page(cast, cast.lead, "history").content.decode()
    assert section.title in whole and "Name this moment" in whole
    assert "Name this moment" not in page(cast, cast.observer, "history").content.decode()


def test_an_empty_timeline_says_what_will_stand_here(cast: Cast) -> None:
    answer = page(cast, cast.lead, "section_history", cast.section.pk).content.decode()
    assert "added the section" in answer


def test_a_moment_is_named_from_the_page_and_found_in_the_list(cast: Cast) -> None:
    assert cast.sections
    client = cast.client(cast.lead)
    url = reverse("brief:name_point", args=[cast.brief.pk])
    client.post(url, {"name": "Before the workshop"})
    write(cast, "Agents")
    point = NamedPoint.objects.get()
    answer = page(cast, cast.lead, "compare", **{"from": f"n{point.pk}", "to": "now"}).content.decode()
    assert "Before the workshop" in answer and "Agents" in answer
    again = client.post(url, {"name": "Before the workshop"}, follow=True).content.decode()
    assert "has this name already" in again


def test_two_versions_are_compared_inline_and_side_by_side(cast: Cast) -> None:
    assert cast.version
    write(cast, "Agents")
    freeze(cast)
    answer = page(cast, cast.approver, "compare", **{"from": "v1", "to": "v2"}).content.decode()
    assert 'class="change deleted"' in answer and ">Recruiters</del>" in answer and ">Agents</ins>" in answer
    assert "1 word inserted" in answer and "1 word deleted" in answer
    side = page(cast, cast.approver, "compare", **{"from": "v1", "to": "v2", "view": "side"}).content.decode()
    assert '<table class="side-by-side">' in side and ">Recruiters</del>" in side and ">Agents</ins>" in side


def test_only_what_changed_is_shown_unless_the_whole_is_asked_for(cast: Cast) -> None:
    assert cast.version
    write(cast, "Agents")
    asked = {"from": "v1", "to": "now"}
    answer = page(cast, cast.lead, "compare", **asked).content.decode()
    assert "Most journeys are made by road" not in answer
    assert "Most journeys are made by road" in page(cast, cast.lead, "compare", **asked, whole="1").content.decode()


def test_what_is_alike_says_so_and_one_text_alone_cannot_be_compared(cast: Cast) -> None:
    assert cast.version
    assert "read the same" in page(cast, cast.lead, "compare").content.decode()
    assert "Nothing to compare yet" in page(cast, cast.approver, "compare").content.decode()


def test_titles_notices_and_removed_sections_are_told(cast: Cast) -> None:
    assert cast.version
    first, second, _third = cast.sections
    actions.edit_section(actor=cast.lead, section=first, title="Recruiting", content_notice="Distressing detail")
    actions.remove_section(actor=cast.lead, section=second)
    actions.edit_brief(actor=cast.lead, brief=cast.brief, title="Safer passage")
    answer = page(cast, cast.lead, "compare", **{"from": "v1", "to": "now"}).content.decode()
    for words in ("Content notice: none → Distressing detail", "This section has been removed.", "Safer passage"):
        assert words in answer
    assert '<del class="change deleted">Recruitment</del> <ins class="change inserted">Recruiting</ins>' in answer


@pytest.mark.parametrize("ref", ["v9", "n999", "nonsense", "v1' OR 1=1"])
def test_what_never_was_is_not_found(cast: Cast, ref: str) -> None:
    assert cast.version
    assert page(cast, cast.lead, "compare", **{"from": ref, "to": "now"}).status_code == 404


def test_drafts_are_compared_by_the_inner_circle_only(cast: Cast) -> None:
    assert cast.version
    assert page(cast, cast.approver, "compare", **{"from": "v1", "to": "now"}).status_code == 403
    asked = {"section": cast.section.pk, "from": 0, "to": 0}
    assert page(cast, cast.press, "compare", **asked).status_code == 403
    assert page(cast, cast.outsider, "compare", **asked).status_code == 404


def test_a_section_of_another_brief_is_not_found(cast: Cast) -> None:
    other = Cast("2").section
    for name, args in (("section_history", [other.pk]), ("moment", [other.pk, 0]), ("authorship", [other.pk])):
        assert page(cast, cast.lead, name, *args).status_code == 404
    assert page(cast, cast.lead, "compare", section=other.pk).status_code == 404


def test_a_moment_shows_what_has_become_of_each_paragraph_and_brings_one_back(cast: Cast) -> None:
    section = write(cast, "Agents")
    answer = page(cast, cast.lead, "moment", section.pk, 0).content.decode()
    assert "Changed since" in answer and ">Agents</ins>" in answer and "Bring back in place" in answer
    assert "Bring back" not in page(cast, cast.observer, "moment", section.pk, 0).content.decode()
    for words in ("in place of today.{1,6}s", "Put beside today.{1,6}s", "Changed since"):
        assert re.search(words + r'<span class="visually-hidden">: Recruiters \w+', answer), "told apart by ear"
    url = reverse("brief:bring_back", args=[cast.brief.pk, section.pk, 0])
    told = cast.client(cast.lead).post(url, {"seen": "1", "block": "recruit00001", "how": "instead"}, follow=True)
    assert "It is back" in told.content.decode() and ">Recruiters</ins>" in told.content.decode()
    assert "Bring back the text of before" in told.content.decode()
    section.refresh_from_db()
    assert texts.document(section)["content"][0]["content"][0]["text"].startswith("Recruiters")


def test_what_changed_meanwhile_is_not_replaced(cast: Cast) -> None:
    section = write(cast, "Agents")
    write(cast, "Brokers!!!", person=cast.colleague)
    url = reverse("brief:bring_back", args=[cast.brief.pk, section.pk, 0])
    answer = cast.client(cast.lead).post(url, {"seen": "1"}, follow=True).content.decode()
    assert "since you opened this page" in answer
    assert cast.client(cast.lead).post(url, {"seen": "-1"}).status_code == 400


def test_who_wrote_which_words_is_told_in_words_too(cast: Cast) -> None:
    section = write(cast, "Agents", person=cast.colleague)
    answer = page(cast, cast.observer, "authorship", section.pk).content.decode()
    assert f'<span class="visually-hidden"> [{cast.colleague}] </span>' in answer and "Agents" in answer


def test_the_panel_of_the_writing_room_gets_the_list_alone(cast: Cast) -> None:
    section = write(cast, "Agents")
    url = reverse("brief:section_history", args=[cast.brief.pk, section.pk])
    answer = cast.client(cast.lead).get(url, headers={"X-Panel": "history"}).content.decode()
    assert "<html" not in answer and "What changed" in answer


@pytest.mark.parametrize("name", ["history", "section_history", "authorship", "moment", "compare"])
def test_pages_ask_as_many_questions_however_much_was_written(cast: Cast, name: str) -> None:
    def asked() -> int:
        section = cast.section
        args = {"history": (), "compare": (), "moment": (section.pk, 0)}.get(name, (section.pk,))
        query = {"section": section.pk, "from": 0} if name == "compare" else {}
        with CaptureQueriesContext(connection) as queries:
            assert page(cast, cast.lead, name, *args, **query).status_code == 200
        return len(queries)

    write(cast, "Agents")
    write(cast, "Brokers", person=cast.colleague)
    asked()
    few = asked()
    for number in range(20):
        write(cast, f"Word {number:5}", person=[cast.lead, cast.colleague][number % 2])
    asked()
    assert asked() <= few <= 25

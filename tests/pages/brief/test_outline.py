"""The outline's doors: moving, claiming, rights, as pages send them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from brief import actions
from brief.actions.sections import living
from brief.models import Section, SectionRight
from brief.states import Right
from tests.cast import Cast

pytestmark = pytest.mark.django_db
DATA: dict[str, Any] = {"headers": {"Accept": "application/json"}}


def outline(cast: Cast) -> str:
    return " ".join("." * row.depth + row.title.split()[0] for row in living(cast.brief))


def path(cast: Cast, number: int, act: str) -> str:
    return f"/write/{cast.brief.pk}/sections/{cast.sections[number].pk}/{act}/"


def test_a_section_is_moved_by_button_by_neighbour_and_by_place(cast: Cast) -> None:
    client = cast.client(cast.partner)
    assert client.post(path(cast, 1, "move"), {"way": "in"}).status_code == 302
    assert outline(cast) == "Recruitment .Journeys What"
    answer = client.post(path(cast, 2, "move"), {"after": str(cast.sections[0].pk), "depth": "0"}, **DATA)
    assert outline(cast) == "Recruitment .What .Journeys", "nobody's section is taken away"
    assert [each["depth"] for each in answer.json()["sections"]] == [0, 1, 1]
    client.post(path(cast, 1, "move"), {"after": "", "depth": "0"})
    assert outline(cast) == "Journeys Recruitment .What"
    client.post(path(cast, 1, "move"), {"place": "9"})
    assert outline(cast) == "Recruitment .What Journeys"


@pytest.mark.parametrize(
    "sent", [{}, {"way": "sideways"}, {"place": "x"}, {"after": "nobody"}, {"after": "", "depth": "7"}, {"depth": "1"}]
)
def test_nonsense_moves_nothing(cast: Cast, sent: dict[str, str]) -> None:
    assert cast.client(cast.lead).post(path(cast, 1, "move"), sent).status_code == 400
    assert outline(cast) == "Recruitment Journeys What"


def test_what_cannot_be_moved_is_told_to_scripts_in_a_sentence(cast: Cast) -> None:
    other = actions.create_brief(actor=cast.lead, title="Another", organisations=[cast.north, cast.south])
    foreign = actions.add_section(actor=cast.lead, brief=other, title="Foreign")
    answer = cast.client(cast.lead).post(path(cast, 1, "move"), {"after": str(foreign.pk)}, **DATA)
    assert answer.status_code in (403, 409)
    assert "removed" in answer.json()["error"]


def test_the_outline_says_who_how_far_how_many_comments_and_who_is_at_work(cast: Cast) -> None:
    assert cast.thread
    actions.work_on(actor=cast.partner, section=cast.section)
    Section.objects.filter(pk=cast.section.pk).update(target_words=40, assignee=cast.colleague)
    url = f"/write/{cast.brief.pk}/outline?section={cast.section.pk}"
    told = cast.client(cast.lead).get(url).json()
    for words in ("Noor Haddad", "20 of 40 words", "1 open comment", "Paz Romero is working here", "in draft"):
        assert words in told["outline"], words
    assert "until" in told["now"]
    watcher = cast.client(cast.observer).get(url).json()
    assert "open comment" not in watcher["outline"] and "data-arrange" not in watcher["outline"]
    page = cast.client(cast.approver).get(f"/write/{cast.brief.pk}/").content.decode()
    assert "working here" not in page and "open comment" not in page


def test_a_section_of_one_word_has_one_word(cast: Cast) -> None:
    for words, told in ((1, "1 word"), (1000, "1,000 words")):
        Section.objects.filter(pk=cast.section.pk).update(words=words)
        client = cast.client(cast.lead)
        outline = client.get(f"/write/{cast.brief.pk}/outline?section={cast.section.pk}").json()["outline"]
        page = client.get(f"/write/{cast.brief.pk}/").content.decode()
        for shown in (outline, page):
            assert f"{told}<" in shown


def test_one_says_that_one_works_here_and_that_it_is_over(cast: Cast) -> None:
    client = cast.client(cast.partner)
    client.post(path(cast, 0, "working"))
    assert Section.objects.get(pk=cast.section.pk).at_work == cast.partner
    client.post(path(cast, 0, "working"), {"done": "1"})
    assert Section.objects.get(pk=cast.section.pk).at_work is None


def test_the_lead_author_gives_rights_and_the_room_keeps_to_them(cast: Cast) -> None:
    client = cast.client(cast.lead)
    page = client.get(path(cast, 0, "rights")).content.decode()
    assert "Noor Haddad" in page and "Paz Romero" in page and "Olu Obi" not in page
    client.post(path(cast, 0, "rights"), {"authors_may": "read", f"person-{cast.partner.pk}": "suggest"})
    assert list(SectionRight.objects.values_list("user", "right")) == [(cast.partner.pk, Right.SUGGEST)]
    room = f"/write/{cast.brief.pk}/sections/{cast.section.pk}/"
    rooms = {name: cast.client(cast[name]).get(room).content.decode() for name in ("lead", "partner", "colleague")}
    assert 'data-can-edit="true" data-right="edit"' in rooms["lead"]
    assert 'data-can-edit="true" data-right="suggest"' in rooms["partner"]
    assert 'data-can-edit="false" data-right="read"' in rooms["colleague"]
    assert "The lead author can let you write in it." in rooms["colleague"]
    assert "suggest only" in rooms["partner"], "the outline says so too"
    assert client.post(path(cast, 0, "rights"), {"authors_may": "everything"}).status_code == 200


def test_an_open_page_hears_what_one_may_do_there_from_now_on(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = cast.client(cast.partner)
    outline = f"/write/{cast.brief.pk}/outline?section={cast.section.pk}"
    rights: list[str] = []
    for right in (Right.EDIT, Right.SUGGEST, Right.READ, Right.EDIT):
        with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks(execute=True):
            actions.give_rights(actor=cast.lead, section=cast.section, authors_may=right, exceptions={})
        told = [each["sql"] for each in asked if "pg_notify" in each["sql"]]
        assert any('"outline"' in each for each in told), "open pages look at once"
        rights.append(client.get(outline).json()["right"])
    assert rights == ["edit", "suggest", "read", "edit"]
    assert cast.client(cast.observer).get(outline).json()["right"] == "read"

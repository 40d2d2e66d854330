"""The writing room's pages, by who opens them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brief import actions
from brief.models import Brief, Role, Section, Source, Thread, Version
from document.engine import engine
from tests.cast import Cast
from tests.unit.brief.test_actions import png
from tests.unit.brief.test_steps import typed

pytestmark = pytest.mark.django_db


def at(name: str, cast: Cast, *args: Any) -> str:
    return reverse(f"brief:{name}", args=[cast.brief.pk, *args])


def post(client: Client, url: str, body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json", headers={"Accept": "application/json"})


def test_an_author_begins_a_brief_with_its_objectives(cast: Cast) -> None:
    response = cast.client(cast.lead).post(
        reverse("brief:new"),
        {
            "title": "Fees",
            "organisations": [str(cast.north.pk), str(cast.south.pk)],
            "objectives": "Raise awareness\n\nName the risks\n",
            "launch_from": "2027-03-01",
            "launch_to": "2027-03-31",
        },
    )
    brief = Brief.objects.get()
    assert response["Location"] == reverse("brief:home", args=[brief.pk])
    assert [objective.text for objective in brief.objectives.all()] == ["Raise awareness", "Name the risks"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "This field is required"),
        ("launch_to", "2027-02-01", "closes before it opens"),
        ("launch_to", "", "Give both days"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_begins_nothing(cast: Cast, field: str, value: str, sentence: str) -> None:
    form = {
        "title": "Fees",
        "organisations": [str(cast.north.pk), str(cast.south.pk)],
        "launch_from": "2027-03-01",
        "launch_to": "2027-03-31",
    }
    response = cast.client(cast.lead).post(reverse("brief:new"), {**form, field: value})
    assert sentence in response.content.decode()
    assert not Brief.objects.exists()


def test_one_organisation_is_refused_in_words(cast: Cast) -> None:
    response = cast.client(cast.lead).post(reverse("brief:new"), {"title": "x", "organisations": [str(cast.north.pk)]})
    assert "at least two" in response.content.decode()


def test_the_home_shows_outline_objectives_people_and_versions(cast: Cast) -> None:
    assert cast.version
    page = cast.client(cast.observer).get(at("home", cast)).content.decode()
    for words in ("Recruitment", "Show the risks of the road", "Lea Lindqvist", "first-order draft"):
        assert words in page


def test_an_approver_sees_no_way_into_the_living_draft(cast: Cast) -> None:
    client = cast.client(cast.approver)
    assert at("section", cast, cast.section.pk) not in client.get(at("home", cast)).content.decode()
    response = client.get(at("section", cast, cast.section.pk))
    assert response.status_code == 403
    assert "Frozen versions are shared" in response.content.decode()


def test_an_observer_reads_but_has_no_form_to_change_anything(cast: Cast) -> None:
    assert cast.sections
    page = cast.client(cast.observer).get(at("home", cast)).content.decode()
    assert "/move/" not in page and "/people/" not in page and "/edit/" not in page


@pytest.mark.parametrize("name", ["outsider", "former", "reviewer", "admin"])
def test_a_stranger_gets_the_same_404_as_for_nothing(cast: Cast, name: str) -> None:
    client = cast.client(cast[name])
    found = client.get(at("home", cast))
    nothing = client.get("/write/00000000-0000-4000-8000-000000000000/")
    assert found.status_code == nothing.status_code == 404
    assert found.content == nothing.content


def test_a_section_of_another_brief_is_not_found_under_this_one(cast: Cast) -> None:
    other = actions.create_brief(actor=cast.lead, title="Other", organisations=[cast.north, cast.south])
    section = actions.add_section(actor=cast.lead, brief=other, title="Theirs")
    client = cast.client(cast.lead)
    for name in ("section", "document", "steps", "edit_section"):
        assert client.get(at(name, cast, section.pk)).status_code == 404


def test_the_document_is_given_with_version_hash_and_schema(cast: Cast) -> None:
    answer = cast.client(cast.lead).get(at("document", cast, cast.section.pk)).json()
    assert answer["version"] == 0
    assert answer["schema"] == engine().schema_version
    assert answer["hash"] == engine().hash(json.dumps(answer["doc"]))


def test_steps_go_in_and_come_out(cast: Cast) -> None:
    url = at("steps", cast, cast.section.pk)
    sent = {"version": 0, "client": "a", "key": "k", "schema": engine().schema_version, "steps": [typed(1, "So ")]}
    assert post(cast.client(cast.lead), url, sent).json()["version"] == 1
    missed = cast.client(cast.partner).get(f"{url}?since=0").json()
    assert (missed["version"], missed["clients"], len(missed["steps"])) == (1, ["a"], 1)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "0"},
        {"version": -1},
        {"version": True},
        {"steps": []},
        {"steps": {}},
        {"client": ""},
        {"client": "x" * 41},
        {"key": "\x00"},
        {"key": "\ud800"},
        {"schema": None},
    ],
)
def test_a_request_that_is_not_of_the_protocol_is_refused(cast: Cast, change: dict[str, Any]) -> None:
    sent = {"version": 0, "client": "a", "key": "k", "schema": engine().schema_version, "steps": [typed(1, "x")]}
    assert post(cast.client(cast.lead), at("steps", cast, cast.section.pk), {**sent, **change}).status_code == 400


@pytest.mark.parametrize("name", ["server", "moment-3", "accepted-1234abcd", "rejected-1234abcd"])
def test_nobody_writes_under_a_name_of_the_servers(cast: Cast, name: str) -> None:
    """By these names the history knows decisions, and whose words came back."""
    sent = {"version": 0, "client": name, "key": "k", "schema": engine().schema_version, "steps": [typed(1, "a")]}
    url = at("steps", cast, cast.section.pk)
    assert post(cast.client(cast.lead), url, sent).status_code == 400
    assert post(cast.client(cast.lead), url, {**sent, "client": f"my-{name}"}).status_code == 200


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b"[" * 100_000, b"\xff\xfe"])
def test_a_body_that_is_no_request_is_refused(cast: Cast, body: bytes) -> None:
    url = at("steps", cast, cast.section.pk)
    response = cast.client(cast.lead).post(url, body, content_type="application/json")
    assert response.status_code == 400


def test_a_body_of_more_than_a_megabyte_is_refused(cast: Cast) -> None:
    response = cast.client(cast.lead).post(
        at("steps", cast, cast.section.pk), b" " * 1_000_001, content_type="application/json"
    )
    assert response.status_code == 413


def test_who_may_not_write_is_told_in_a_sentence(cast: Cast) -> None:
    sent = {"version": 0, "client": "a", "key": "k", "schema": engine().schema_version, "steps": [typed(1, "x")]}
    response = post(cast.client(cast.observer), at("steps", cast, cast.section.pk), sent)
    assert response.status_code == 403
    assert "Only authors" in response.json()["error"]


def test_a_figure_goes_in_and_comes_out_as_an_image_that_can_do_nothing(cast: Cast) -> None:
    client = cast.client(cast.lead)
    answer = client.post(at("add_figure", cast), {"file": SimpleUploadedFile("x.png", png())}).json()
    response = client.get(answer["url"])
    assert response["Content-Type"] == "image/png"
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")


def test_a_figure_of_another_brief_is_not_found(cast: Cast) -> None:
    other = actions.create_brief(actor=cast.lead, title="Other", organisations=[cast.north, cast.south])
    figure = actions.add_figure(actor=cast.lead, brief=other, content=png())
    assert cast.client(cast.lead).get(at("figure", cast, figure.pk)).status_code == 404


def test_sources_are_searched_by_every_word(cast: Cast) -> None:
    for title in ("Fees at the border", "Fees at sea", "Roads"):
        actions.add_source(actor=cast.lead, brief=cast.brief, csl={"type": "report", "title": title})
    client, asks = cast.client(cast.lead), {"HTTP_ACCEPT": "application/json"}
    found = client.get(at("sources", cast), {"q": "FEES border"}, **asks).json()["sources"]
    assert [row["title"] for row in found] == ["Fees at the border"]
    assert client.get(at("sources", cast), {"q": "nowhere"}, **asks).json() == {"sources": [], "count": 0}


def test_a_source_is_added_by_its_fields(cast: Cast) -> None:
    form = {
        "type": "report",
        "title": "Fees",
        "authors": "Ito, Ken\nOffice of Fees",
        "issued": "2024",
        "publisher": "OF",
    }
    cast.client(cast.lead).post(at("new_source", cast), form)
    csl = Source.objects.get().csl
    assert csl["author"] == [{"family": "Ito", "given": "Ken"}, {"literal": "Office of Fees"}]
    assert csl["issued"] == {"date-parts": [[2024]]}


def kept_of(cast: Cast, pasted: str) -> int:
    """Paste, and take all that can be taken; how many sources there are then."""
    client = cast.client(cast.lead)
    response = client.post(at("sources", cast), {"text": pasted})
    if response.status_code == 302:
        assert client.get(response["Location"]).status_code == 200
        client.post(response["Location"], {"entry": "0"})
    return Source.objects.count()


@pytest.mark.parametrize("pasted", ["{", "[]", '"x"', '{"type": "book"}'])
def test_pasted_csl_that_is_none_is_refused_in_words(cast: Cast, pasted: str) -> None:
    assert not kept_of(cast, pasted)


@pytest.mark.parametrize(
    "fields",
    [
        {"URL": "javascript:alert(1)"},
        {"URL": "https://[x"},
        {"author": "Ito"},
        {"author": ["Ito"]},
        {"issued": "2024"},
        {"issued": {"date-parts": "2024"}},
        {"issued": {"date-parts": [["soon"]]}},
        {"title": {"x": 1}},
        {"author": [[[[[[]]]]]]},
    ],
)
def test_a_pasted_source_that_would_break_its_readers_is_refused(cast: Cast, fields: dict[str, Any]) -> None:
    pasted = json.dumps({"type": "report", "title": "T", **fields})
    assert not kept_of(cast, pasted)


@pytest.mark.parametrize(
    "pasted", ['{"title": "a\\u0000b\\ud800c", "volume": NaN, "custom": {"x": 1}}', '{"title":"T","note":' + "[" * 5000]
)
def test_signs_that_no_database_takes_are_no_error_of_ours(cast: Cast, pasted: str) -> None:
    kept_of(cast, pasted)
    assert cast.client(cast.lead).get(at("sources", cast)).status_code == 200


def test_the_writing_room_carries_the_authors_threads_to_authors_only(cast: Cast) -> None:
    place = {"block": "recruit00001", "start": 0, "end": 10}
    actions.start_thread(actor=cast.lead, section=cast.section, body="Whisper-among-authors", **place)
    url = at("section", cast, cast.section.pk)
    assert "Whisper-among-authors" in cast.client(cast.partner).get(url).content.decode()
    for name in ("editor", "observer", "safeguarding"):
        assert "Whisper-among-authors" not in cast.client(cast[name]).get(url).content.decode()


def test_a_thread_of_another_brief_cannot_be_answered_here(cast: Cast) -> None:
    other = actions.create_brief(actor=cast.lead, title="Other", organisations=[cast.north, cast.south])
    section = actions.add_section(actor=cast.lead, brief=other, title="Theirs")
    thread = actions.start_thread(actor=cast.lead, section=section, body="x")
    client = cast.client(cast.lead)
    assert client.post(at("reply", cast, thread.pk), {"body": "y"}).status_code == 404
    assert client.post(at("resolve", cast, thread.pk)).status_code == 404


def test_a_comment_is_begun_answered_and_settled_from_the_page(cast: Cast) -> None:
    client = cast.client(cast.lead)
    start = {"body": "Which ones?", "block": "recruit00001", "start": "0", "end": "10"}
    client.post(at("start_thread", cast, cast.section.pk), start)
    thread = Thread.objects.get()
    client.post(at("reply", cast, thread.pk), {"body": "All."})
    client.post(at("resolve", cast, thread.pk))
    thread.refresh_from_db()
    assert thread.anchor.quotation == "Recruiters"
    assert (thread.comments.count(), thread.resolved_by) == (2, cast.lead)


def test_the_review_editor_freezes_from_the_page(cast: Cast) -> None:
    assert cast.sections
    response = cast.client(cast.editor).post(at("versions", cast), {"order_draft": "first", "note": "For the round"})
    version = Version.objects.get()
    assert response["Location"] == at("version", cast, version.number)
    assert version.note == "For the round"


def test_an_author_cannot_freeze_by_posting_anyway(cast: Cast) -> None:
    assert cast.sections
    response = cast.client(cast.lead).post(at("versions", cast), {"order_draft": "first"})
    assert response.status_code == 403
    assert not Version.objects.exists()


def test_a_version_is_read_with_its_paragraph_numbers(cast: Cast) -> None:
    page = cast.client(cast.approver).get(at("version", cast, cast.version.number)).content.decode()
    assert 'href="#p3"' in page
    assert "do not cite" in page
    assert cast.version.content_hash in page


def test_roles_are_given_by_address_and_make_an_account(cast: Cast) -> None:
    form = {"email": "New.Person@People.example", "name": "Ny", "organisation": str(cast.south.pk), "role": "observer"}
    cast.client(cast.lead).post(at("people", cast), form)
    role = Role.objects.get(user__email="new.person@people.example")
    assert (role.role, role.organisation) == ("observer", cast.south)


def test_a_role_of_another_brief_cannot_be_taken_here(cast: Cast) -> None:
    other = actions.create_brief(actor=cast.lead, title="Other", organisations=[cast.north, cast.south])
    role = Role.objects.get(brief=other)
    assert cast.client(cast.lead).post(at("take_role", cast, role.pk)).status_code == 404


def test_presence_names_who_is_here_and_nobody_else(cast: Cast) -> None:
    url = at("presence", cast)
    body = {"section": str(cast.section.pk), "from": 3, "to": 5}
    post(cast.client(cast.lead), url, body)
    people = post(cast.client(cast.partner), url, body).json()["people"]
    assert {person["name"] for person in people} == {"Lea Lindqvist", "Paz Romero"}
    assert len({person["colour"] for person in people}) == 2
    assert post(cast.client(cast.approver), url, body).status_code == 403


def test_presence_forgets_whose_role_was_taken_and_names_all_in_one_query(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    url = at("presence", cast)
    body = {"section": str(cast.section.pk), "from": 3, "to": 5}
    lead, partner, editor = (cast.client(person) for person in (cast.lead, cast.partner, cast.editor))
    with CaptureQueriesContext(connection) as alone:
        post(lead, url, body)
    queries = len(alone)
    post(partner, url, body)
    told = post(editor, url, body).json()["people"]
    assert {person["role"] for person in told} == {"lead author", "contributing author", "review editor"}
    with django_assert_num_queries(queries):
        post(lead, url, body)
    Role.objects.filter(brief=cast.brief, user=cast.partner).delete()
    told = post(lead, url, body).json()["people"]
    assert {person["name"] for person in told} == {str(cast.lead), str(cast.editor)}


@pytest.mark.parametrize("body", [{}, [], {"section": "x"}, {"section": None}])
def test_presence_without_a_section_is_refused(cast: Cast, body: Any) -> None:
    assert post(cast.client(cast.lead), at("presence", cast), body).status_code == 400


@pytest.mark.parametrize("name", ["presence", "steps"])
def test_what_is_nested_without_end_cannot_be_read(cast: Cast, name: str) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    place = (cast.section.pk,) if name == "steps" else ()
    answer = cast.client(cast.lead).post(at(name, cast, *place), deep, content_type="application/json")
    assert answer.status_code == 400


def count(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", ["home", "versions", "objectives", "people", "sources"])
def test_a_pages_queries_do_not_grow_with_rows(cast: Cast, name: str) -> None:
    client = cast.client(cast.lead)
    assert cast.version
    few = count(client, at(name, cast))
    for number in range(10):
        actions.add_section(actor=cast.lead, brief=cast.brief, title=f"More {number}")
        actions.add_objective(actor=cast.lead, brief=cast.brief, text=f"More {number}")
        actions.add_source(actor=cast.lead, brief=cast.brief, csl={"title": f"More {number}"})
        actions.freeze(actor=cast.editor, brief=cast.brief, order_draft="first")
    assert count(client, at(name, cast)) <= few


def test_the_rooms_queries_do_not_grow_with_threads_and_sections(cast: Cast) -> None:
    client = cast.client(cast.lead)
    url = at("section", cast, cast.section.pk)
    actions.start_thread(actor=cast.lead, section=cast.section, body="x", block="recruit00001", start=0, end=4)
    few = count(client, url)
    for number in range(15):
        thread = actions.start_thread(
            actor=cast.lead, section=cast.section, body="x", block="recruit00001", start=0, end=4
        )
        actions.reply_to_thread(actor=cast.partner, thread=thread, body="y")
        actions.add_section(actor=cast.lead, brief=cast.brief, title=f"More {number}")
    assert count(client, url) <= few


def test_a_versions_queries_do_not_grow_with_sections(cast: Cast) -> None:
    client = cast.client(cast.lead)
    few = count(client, at("version", cast, cast.version.number))
    for number in range(10):
        actions.add_section(actor=cast.lead, brief=cast.brief, title=f"More {number}")
    version = actions.freeze(actor=cast.editor, brief=cast.brief, order_draft="second")
    assert count(client, at("version", cast, version.number)) <= few


def test_a_removed_section_is_brought_back_from_the_page(cast: Cast) -> None:
    client = cast.client(cast.lead)
    client.post(at("remove_section", cast, cast.section.pk))
    assert client.get(at("section", cast, cast.section.pk)).status_code == 404
    client.post(at("restore_section", cast, cast.section.pk))
    assert Section.objects.get(pk=cast.section.pk).deleted_at is None


def test_a_source_with_a_wrong_day_and_address_is_asked_for_again(cast: Cast) -> None:
    """What is wrong in one field is said there; it once ended in an error page."""
    data = {"type": "report", "title": "A report", "doi": "twenty", "url": "nowhere", "accessed": "x"}
    answer = cast.client(cast.lead).post(f"/write/{cast.brief.pk}/sources/new/", data)
    assert answer.status_code == 200
    assert {"doi", "url", "accessed"} <= set(answer.context["form"].errors)
    assert not cast.brief.sources.exists()

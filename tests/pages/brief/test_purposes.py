"""What a brief is for: concept note, stakeholders, goals, and how title and scope came about."""

from __future__ import annotations

import re
from datetime import date

from brief import sdgs
from brief.actions import edit_brief
from brief.models import Brief, Section, Stakeholder
from brief.states import SectionKind, Stake
from tests.cast import Cast


def test_a_brief_begins_with_its_concept_note(cast: Cast) -> None:
    client = cast.client(cast.lead)
    data = {
        "title": "Fees at the border",
        "organisations": [cast.north.pk, cast.south.pk],
        "objectives": "Say what fees do\nSay who can act",
        "audiences": "Consular staff",
        "scope": "Fees before departure; not smuggling.",
    }
    home = client.post("/write/new/", data, follow=True)
    brief = Brief.objects.get(title="Fees at the border")
    note = Section.every.get(brief=brief, kind=SectionKind.CONCEPT_NOTE)
    assert f"/write/{brief.pk}/sections/{note.pk}/" in home.content.decode()
    room = client.get(f"/write/{brief.pk}/sections/{note.pk}/")
    assert room.status_code == 200 and 'data-first-number="1"' in room.content.decode()
    text = client.get(f"/write/{brief.pk}/sections/{note.pk}/document").json()
    assert "Say who can act" in str(text["doc"]) and "not smuggling" in str(text["doc"])


def test_an_older_brief_begins_its_note_by_a_button(cast: Cast) -> None:
    client = cast.client(cast.colleague)
    assert "Begin the concept note" in client.get(f"/write/{cast.brief.pk}/").content.decode()
    response = client.post(f"/write/{cast.brief.pk}/concept-note/")
    note = Section.every.get(brief=cast.brief, kind=SectionKind.CONCEPT_NOTE)
    assert response["Location"] == f"/write/{cast.brief.pk}/sections/{note.pk}/"
    assert client.post(f"/write/{cast.brief.pk}/concept-note/")["Location"] == response["Location"]


def test_the_rooms_outline_leads_to_the_note_or_to_where_it_is_begun(cast: Cast) -> None:
    client, note = cast.client(cast.lead), f"/write/{cast.brief.pk}/concept-note/"
    room = client.get(f"/write/{cast.brief.pk}/sections/{cast.section.pk}/").content.decode()
    assert f'<a href="{note}">Concept note</a>' in room
    assert client.get(note)["Location"] == f"/write/{cast.brief.pk}/#note"
    assert not Section.every.filter(brief=cast.brief, kind=SectionKind.CONCEPT_NOTE).exists()
    there = client.post(note)["Location"]
    assert client.get(note)["Location"] == there
    assert f'<a href="{note}" aria-current="page">Concept note</a>' in client.get(there).content.decode()


def test_who_is_asked_to_act_is_offered_as_addressee_of_a_recommendation(cast: Cast) -> None:
    for name, stake in (("Labour inspectorates", Stake.ADDRESSEE), ("Consular staff", Stake.AUDIENCE)):
        Stakeholder.objects.create(brief=cast.brief, name=name, sector="government", stake=stake)
    room = cast.client(cast.lead).get(f"/write/{cast.brief.pk}/sections/{cast.section.pk}/").content.decode()
    assert '<script id="writing-addressees" type="application/json">["Labour inspectorates"]</script>' in room


def test_who_reads_only_versions_is_not_told_of_the_note(cast: Cast) -> None:
    cast.client(cast.lead).post(f"/write/{cast.brief.pk}/concept-note/")
    assert "Concept note" not in cast.client(cast.approver).get(f"/write/{cast.brief.pk}/").content.decode()


def _fields(brief: Brief, **changed: object) -> dict[str, object]:
    plain = {"title": brief.title, "language": "en-GB", "citation_style": "apa", "order_draft": "zero"}
    return plain | changed


def test_goals_and_targets_are_kept_in_order(cast: Cast) -> None:
    client = cast.client(cast.lead)
    data = _fields(cast.brief, goals=["16", "5"], targets="8.7, 16.2 8.A")
    assert client.post(f"/write/{cast.brief.pk}/edit/", data).status_code == 302
    cast.brief.refresh_from_db()
    assert cast.brief.sdgs == ["5", "8", "8.7", "8.a", "16", "16.2"]
    page = client.get(f"/write/{cast.brief.pk}/").content.decode()
    assert "Gender equality" in page and "8.7, 8.a" in page
    again = client.get(f"/write/{cast.brief.pk}/edit/").content.decode()
    assert 'value="8.7, 8.a, 16.2"' in again
    assert len(re.findall(r'name="goals"[^>]*checked', again)) == 3


def test_a_target_that_is_not_one_is_refused(cast: Cast) -> None:
    response = cast.client(cast.lead).post(f"/write/{cast.brief.pk}/edit/", _fields(cast.brief, targets="8.77"))
    assert "There is no target 8.77." in response.content.decode()


def test_the_agenda_has_169_targets() -> None:
    assert len(sdgs.TARGETS) == 169 and len(sdgs.GOALS) == 17


def test_stakeholders_are_listed_by_their_part(cast: Cast) -> None:
    client = cast.client(cast.lead)
    url = f"/write/{cast.brief.pk}/stakeholders/"
    data = {"name": "Trade unions", "sector": "ngo", "stake": "partner"}
    assert client.post(url, data).status_code == 302
    assert "is there already" in client.post(url, data).content.decode()
    row = Stakeholder.objects.get(name="Trade unions")
    assert "working with us" in client.get(f"/write/{cast.brief.pk}/").content.decode()
    client.post(f"{url}{row.pk}/remove/")
    assert not Stakeholder.objects.filter(pk=row.pk).exists()


def test_anothers_stakeholder_is_not_found(cast: Cast) -> None:
    other = Brief.objects.create(title="Other", slug="other")
    row = Stakeholder.objects.create(brief=other, name="X", sector="ngo", stake="partner")
    assert cast.client(cast.lead).post(f"/write/{cast.brief.pk}/stakeholders/{row.pk}/remove/").status_code == 404


def test_the_history_of_title_and_scope_names_who_and_why(cast: Cast) -> None:
    began = cast.brief.title
    edit_brief(
        actor=cast.lead, brief=cast.brief, title="Fees and debts", scope="Fees only.", reason="As the board asked"
    )
    edit_brief(actor=cast.editor, brief=cast.brief, contact="office@north.example")
    page = cast.client(cast.observer).get(f"/write/{cast.brief.pk}/scope/").content.decode()
    assert f"<del>{began}</del>" in page and "<ins>Fees and debts</ins>" in page
    assert "As the board asked" in page and "Lea Lindqvist" in page
    assert "Edda Ravn" not in page, "the contact is not part of it"


def test_the_history_tells_days_in_words(cast: Cast) -> None:
    window = {"launch_from": date(2027, 1, 21), "launch_to": date(2027, 2, 20)}
    edit_brief(actor=cast.lead, brief=cast.brief, **window)
    assert "21 January 2027" in cast.client(cast.lead).get(f"/write/{cast.brief.pk}/scope/").content.decode()


def test_the_history_costs_the_same_however_long_it_is(cast: Cast, django_assert_max_num_queries: object) -> None:
    client = cast.client(cast.lead)
    for number in range(12):
        edit_brief(actor=cast.lead, brief=cast.brief, title=f"Title {number}")
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        page = client.get(f"/write/{cast.brief.pk}/scope/").content.decode()
    assert page.count("<ins>Title") == 12


def test_every_part_of_the_writing_room_knows_the_note(cast: Cast) -> None:
    client = cast.client(cast.lead)
    note = client.post(f"/write/{cast.brief.pk}/concept-note/")["Location"]
    for rest in ("", "document", "numbers", "steps?since=0", "suggestions", "checks"):
        assert client.get(f"{note}{rest}", headers={"Accept": "application/json"}).status_code == 200, rest
    history = note.replace("/sections/", "/history/")
    assert client.get(history).status_code == 200 and client.get(f"{history}words/").status_code == 200
    client.post(f"{note}threads/", {"body": "Is this still the window?"})
    assert "Is this still the window?" in client.get(note).content.decode()


def test_the_note_is_not_moved_removed_or_assigned_like_a_section(cast: Cast) -> None:
    client = cast.client(cast.lead)
    note = client.post(f"/write/{cast.brief.pk}/concept-note/")["Location"]
    for rest in ("edit/", "move/", "remove/", "status/", "rights/"):
        assert client.post(f"{note}{rest}", {"place": "0", "transition": "finish"}).status_code == 404, rest


def test_an_objective_is_said_otherwise_and_stays_covered(cast: Cast) -> None:
    assert cast.sections
    objective = cast.brief.objectives.all()[0]
    covered = set(objective.sections.values_list("pk", flat=True))
    client, url = cast.client(cast.editor), f"/write/{cast.brief.pk}/objectives/"
    client.post(f"{url}{objective.pk}/edit/", {"text": "Say who pays"})
    objective.refresh_from_db()
    assert objective.text == "Say who pays" and set(objective.sections.values_list("pk", flat=True)) == covered
    assert "needs words" in client.post(f"{url}{objective.pk}/edit/", {"text": " "}, follow=True).content.decode()
    assert "Say who pays</textarea>" in client.get(url).content.decode()

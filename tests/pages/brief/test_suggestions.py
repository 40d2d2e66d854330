"""What the writing room's panel asks: the list, and deciding."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brief.models import Section, Step, Suggestion
from brief.states import Decision
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def suggested(cast: Cast) -> str:
    """Words of the partner's that wait in the first section; the panel's address."""
    from tests.unit.brief.test_suggestions import insertion, submit

    submit(cast, cast.partner, insertion("Often, ", "s1"))
    return reverse("brief:suggestions", args=[cast.brief.pk, cast.section.pk])


def post(client: Client, address: str, sent: Any) -> Any:
    return client.post(address, sent, content_type="application/json")


def test_it_tells_who_suggested_and_when_and_which_are_ones_own(cast: Cast, client: Client) -> None:
    address = suggested(cast)
    client.force_login(cast.partner)
    told = client.get(address).json()
    assert told["pending"]["s1"]["author"] == cast.partner.name
    assert told["pending"]["s1"]["mine"] is True
    client.force_login(cast.lead)
    assert client.get(address).json()["pending"]["s1"]["mine"] is False


def test_deciding_answers_with_the_new_version(cast: Cast, client: Client) -> None:
    address = suggested(cast)
    client.force_login(cast.lead)
    answer = post(client, address, {"decision": "accepted", "suggestions": ["s1", "unknown"]})
    version = Section.objects.get(pk=cast.section.pk).version
    undo = {"before": version - 1, "after": version}
    assert answer.json() == {"count": 1, "version": version, "undo": undo}
    again = post(client, address, {"decision": "accepted", "suggestions": ["s1"]})
    assert again.status_code == 409
    assert "no longer" in again.json()["error"]
    assert client.get(address).json()["decided"][0]["decision"] == Decision.ACCEPTED


def test_a_decision_is_taken_back_by_what_its_answer_named_and_once(cast: Cast, client: Client) -> None:
    address = suggested(cast)
    client.force_login(cast.lead)
    undo = post(client, address, {"decision": "accepted", "suggestions": None}).json()["undo"]
    back = post(client, address, {"undo": undo})
    assert back.json() == {"count": 1, "version": undo["after"] + 1}
    assert Suggestion.objects.get(identifier="s1").decision == ""
    again = post(client, address, {"undo": undo})
    assert again.status_code == 409 and "changed since" in again.json()["error"]
    client.force_login(cast.partner)
    assert post(client, address, {"undo": undo}).status_code == 409


def test_the_steps_of_a_decision_bear_the_pages_own_name_for_it(cast: Cast, client: Client) -> None:
    address = suggested(cast)
    client.force_login(cast.lead)
    sent = {"decision": "accepted", "suggestions": None, "key": "0123456789ab"}
    undo = post(client, address, sent).json()["undo"]
    named = Step.objects.filter(section=cast.section, client="accepted-0123456789ab")
    assert list(named.values_list("version", flat=True)) == [undo["after"]]


@pytest.mark.parametrize(
    "sent",
    [
        "[]",
        '{"decision":"accepted","suggestions":null,"key":"of my own"}',
        '{"decision":"accepted","suggestions":null,"key":0}',
        "{",
        '{"decision":"maybe","suggestions":null}',
        '{"decision":"accepted","suggestions":"s1"}',
        '{"undo":null}',
        '{"undo":{"before":2,"after":1}}',
        '{"undo":{"before":"0","after":1}}',
        '{"undo":{"before":0,"after":2147483648}}',
        '{"undo":{"before":0,"after":1,"actor":3}}',
    ],
)
def test_it_refuses_what_it_cannot_read(cast: Cast, client: Client, sent: str) -> None:
    address = suggested(cast)
    client.force_login(cast.lead)
    assert post(client, address, sent).status_code == 400
    assert Suggestion.objects.get(identifier="s1").decision == ""


def test_an_observer_reads_the_list_and_decides_nothing(cast: Cast, client: Client) -> None:
    address = suggested(cast)
    client.force_login(cast.observer)
    assert client.get(address).status_code == 200
    assert post(client, address, {"decision": "rejected", "suggestions": None}).status_code == 403


def test_another_briefs_section_is_not_found(cast: Cast, client: Client) -> None:
    suggested(cast)
    client.force_login(cast.lead)
    other = "00000000-0000-4000-8000-000000000000"
    assert client.get(reverse("brief:suggestions", args=[cast.brief.pk, other])).status_code == 404
    client.force_login(cast.outsider)
    assert client.get(reverse("brief:suggestions", args=[cast.brief.pk, cast.section.pk])).status_code == 404


def test_the_room_says_who_may_edit_and_who_may_suggest(cast: Cast, client: Client) -> None:
    from brief import actions
    from brief.states import Right

    address = reverse("brief:section", args=[cast.brief.pk, cast.section.pk])
    actions.give_rights(actor=cast.lead, section=cast.section, authors_may=Right.SUGGEST, exceptions={})
    client.force_login(cast.colleague)
    page = client.get(address).content.decode()
    assert 'data-can-edit="true"' in page
    assert 'data-right="suggest"' in page
    client.force_login(cast.lead)
    assert 'data-right="edit"' in client.get(address).content.decode()
    actions.give_rights(actor=cast.lead, section=cast.section, authors_may=Right.READ, exceptions={})
    client.force_login(cast.colleague)
    page = client.get(address).content.decode()
    assert 'data-can-edit="false"' in page
    assert "You can read this section" in page


def test_the_panel_tells_times_in_the_persons_zone(cast: Cast, client: Client) -> None:
    cast.lead.zone = "Africa/Nairobi"
    cast.lead.save(update_fields=["zone"])
    client.force_login(cast.lead)
    page = client.get(reverse("brief:section", args=[cast.brief.pk, cast.section.pk]))
    assert b'data-zone="Africa/Nairobi"' in page.content

"""Another e-mail address for somebody takes two administrators: who holds it signs in as them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import ask_address_change, confirm_address_change
from accounts.erasure import forget
from accounts.models import AddressChange, User
from ledger.events import record
from ledger.models import Event
from ledger.refusals import why_not
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NEW = "lead.anew@people.example"


@pytest.fixture
def second_admin(cast: Cast) -> User:
    return User.objects.create_user("second.admin@people.example", "Sec Admin", is_staff=True)


def test_two_administrators_change_it_every_session_ends_and_both_addresses_are_told(
    cast: Cast, second_admin: User, run_jobs: Callable[[], int]
) -> None:
    client, was = cast.client(cast.lead), cast.lead.email
    assert client.get("/desk/").status_code == 200
    ask_address_change(actor=cast.admin, user=cast.lead, to=NEW.upper())
    assert User.objects.get(pk=cast.lead.pk).email == was
    confirm_address_change(actor=second_admin, user=cast.lead)
    assert User.objects.get(pk=cast.lead.pk).email == NEW
    assert client.get("/desk/").status_code == 302
    run_jobs()
    assert sorted(message.to[0] for message in mail.outbox) == sorted([was, NEW])
    assert list(Event.objects.filter(verb__startswith="address.").values_list("verb", flat=True)) == [
        "address.changed",
        "address.asked",
    ]


def test_one_alone_cannot(cast: Cast) -> None:
    ask_address_change(actor=cast.admin, user=cast.lead, to=NEW)
    assert "another administrator" in why_not(confirm_address_change, actor=cast.admin, user=cast.lead)


def test_nobody_takes_part_in_their_own(cast: Cast, second_admin: User) -> None:
    assert why_not(ask_address_change, actor=cast.admin, user=cast.admin, to=NEW)
    ask_address_change(actor=second_admin, user=cast.admin, to=NEW)
    assert why_not(confirm_address_change, actor=cast.admin, user=cast.admin)


@pytest.mark.parametrize("name", ["lead", "editor", "approver"])
def test_it_refuses_who_is_no_administrator(cast: Cast, name: str) -> None:
    assert "Only administrators" in why_not(ask_address_change, actor=cast[name], user=cast.partner, to=NEW)


def test_an_address_of_somebody_else_is_refused_at_both_halves(cast: Cast, second_admin: User) -> None:
    assert "Somebody else" in why_not(ask_address_change, actor=cast.admin, user=cast.lead, to=cast.partner.email)
    ask_address_change(actor=cast.admin, user=cast.lead, to=NEW)
    User.objects.create_user(NEW, "Quicker")
    assert "Somebody else" in why_not(confirm_address_change, actor=second_admin, user=cast.lead)


def test_an_old_request_is_over_and_can_be_made_anew(cast: Cast, second_admin: User) -> None:
    ask_address_change(actor=cast.admin, user=cast.lead, to=NEW)
    assert "already" in why_not(ask_address_change, actor=second_admin, user=cast.lead, to="other@people.example")
    AddressChange.objects.update(asked_at=timezone.now() - timedelta(days=3))
    assert "Nobody has asked" in why_not(confirm_address_change, actor=second_admin, user=cast.lead)
    ask_address_change(actor=second_admin, user=cast.lead, to=NEW)


def test_what_was_asked_for_another_address_changes_nothing_later(cast: Cast, second_admin: User) -> None:
    ask_address_change(actor=cast.admin, user=cast.lead, to=NEW)
    User.objects.filter(pk=cast.lead.pk).update(email="meanwhile@people.example")
    assert "Nobody has asked" in why_not(confirm_address_change, actor=second_admin, user=cast.lead)


def test_the_database_itself_wants_two(cast: Cast) -> None:
    change = AddressChange(user=cast.lead, was="a@b.example", to=NEW, asked_by=cast.admin)
    change.confirmed_by, change.confirmed_at = cast.admin, timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()


def test_the_administration_only_asks(cast: Cast, second_admin: User) -> None:
    page = f"/admin/accounts/user/{cast.lead.pk}/change/"
    fields = {"email": NEW, "name": "Renamed", "zone": "UTC", "is_active": "on", "organisation": "", "_save": "Save"}
    cast.client(cast.admin).post(page, fields)
    person = User.objects.get(pk=cast.lead.pk)
    assert (person.name, person.email) == ("Renamed", cast.lead.email)
    told = cast.client(cast.admin).post(page, {**fields, "another_address": NEW}, follow=True)
    assert "Another administrator has to confirm it" in told.content.decode()
    assert User.objects.get(pk=cast.lead.pk).email == cast.lead.email
    chosen = {"_selected_action": [str(cast.lead.pk)], "action": "confirm_address"}
    refused = cast.client(cast.admin).post("/admin/accounts/user/", chosen, follow=True)
    assert "You asked for this address yourself" in refused.content.decode()
    confirm_address_change(actor=second_admin, user=cast.lead)
    assert User.objects.get(pk=cast.lead.pk).email == NEW


def test_a_new_person_is_made_with_an_address(cast: Cast) -> None:
    fields = {"email": NEW, "name": "Somebody new", "zone": "UTC", "is_active": "on", "organisation": ""}
    cast.client(cast.admin).post("/admin/accounts/user/add/", fields)
    assert User.objects.get(email=NEW).name == "Somebody new"


def test_a_forgotten_person_leaves_no_address_that_they_had(cast: Cast, second_admin: User) -> None:
    was = cast.outsider.email
    record(actor=None, verb="test.said", subject=cast.outsider, words=f"written to {was}")
    ask_address_change(actor=cast.admin, user=cast.outsider, to=NEW)
    confirm_address_change(actor=second_admin, user=cast.outsider)
    forget(User.objects.get(pk=cast.outsider.pk), actor=None, why="age")
    assert not AddressChange.objects.filter(user=cast.outsider).exists()
    assert not any(was in str(data) for data in Event.objects.values_list("data", flat=True))

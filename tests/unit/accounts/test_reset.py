"""A lost device is reset by two administrators (DECISIONS, Second factor)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import second_factor
from accounts.actions import ask_factor_reset, confirm_factor_reset
from accounts.models import FactorReset, User
from ledger.models import Event
from ledger.refusals import why_not
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_admin(cast: Cast) -> User:
    return User.objects.create_user("second.admin@people.example", "Sec Admin", is_staff=True)


def test_two_administrators_reset_it_and_every_session_ends(
    cast: Cast, second_admin: User, run_jobs: Callable[[], int]
) -> None:
    client = cast.client(cast.approver)
    assert client.get("/account/").status_code == 200
    ask_factor_reset(actor=cast.admin, user=cast.approver)
    assert second_factor.has_one(cast.approver)
    confirm_factor_reset(actor=second_admin, user=cast.approver)
    assert not second_factor.has_one(cast.approver)
    assert client.get("/account/").status_code == 302
    run_jobs()
    assert [message.to for message in mail.outbox] == [[cast.approver.email]]
    assert list(Event.objects.filter(verb__startswith="factor.").values_list("verb", flat=True)) == [
        "factor.reset",
        "factor.reset_asked",
    ]


def test_one_alone_cannot(cast: Cast) -> None:
    ask_factor_reset(actor=cast.admin, user=cast.approver)
    assert "another administrator" in why_not(confirm_factor_reset, actor=cast.admin, user=cast.approver)
    assert second_factor.has_one(cast.approver)


def test_nobody_takes_part_in_their_own(cast: Cast, second_admin: User) -> None:
    assert why_not(ask_factor_reset, actor=cast.admin, user=cast.admin)
    ask_factor_reset(actor=second_admin, user=cast.admin)
    assert why_not(confirm_factor_reset, actor=cast.admin, user=cast.admin)


def test_nothing_is_confirmed_that_nobody_asked_for(cast: Cast, second_admin: User) -> None:
    assert "Nobody has asked" in why_not(confirm_factor_reset, actor=second_admin, user=cast.approver)


def test_an_old_request_is_over_and_can_be_made_anew(cast: Cast, second_admin: User) -> None:
    ask_factor_reset(actor=cast.admin, user=cast.approver)
    assert "already" in why_not(ask_factor_reset, actor=second_admin, user=cast.approver)
    FactorReset.objects.update(asked_at=timezone.now() - timedelta(days=3))
    assert why_not(confirm_factor_reset, actor=second_admin, user=cast.approver)
    ask_factor_reset(actor=second_admin, user=cast.approver)


@pytest.mark.parametrize("name", ["lead", "editor", "approver"])
def test_it_refuses_who_is_no_administrator(cast: Cast, name: str) -> None:
    assert "Only administrators" in why_not(ask_factor_reset, actor=cast[name], user=cast.partner_approver)


def test_the_database_itself_wants_two(cast: Cast) -> None:
    reset = FactorReset(user=cast.approver, asked_by=cast.admin, confirmed_by=cast.admin, confirmed_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        reset.save()


def test_the_administration_offers_both_halves(cast: Cast, second_admin: User) -> None:
    chosen = {"_selected_action": [str(cast.approver.pk)]}
    address = "/admin/accounts/user/"
    cast.client(cast.admin).post(address, {**chosen, "action": "ask_reset"})
    page = cast.client(cast.admin).post(address, {**chosen, "action": "confirm_reset"}, follow=True)
    assert "You asked for this reset yourself" in page.content.decode()
    confirm_factor_reset(actor=second_admin, user=cast.approver)
    assert not second_factor.has_one(cast.approver)

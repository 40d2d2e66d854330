"""Which roles need a second factor, and what the demonstration says of people."""

from __future__ import annotations

import pytest

from accounts.demo import parts_played
from accounts.policies import needs_one
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["editor", "safeguarding", "approver", "partner_approver", "admin"])
def test_who_approves_or_sees_identities_needs_a_second_factor(cast: Cast, name: str) -> None:
    assert cast.brief
    assert needs_one(cast[name])


@pytest.mark.parametrize("name", ["lead", "colleague", "partner", "observer", "former", "outsider", "reviewer"])
def test_others_do_not(cast: Cast, name: str) -> None:
    assert cast.brief
    assert not needs_one(cast[name])


def test_without_it_every_room_leads_to_setting_it_up(cast: Cast) -> None:
    client = cast.client(cast.former)
    assert client.get("/desk/").status_code == 200
    role = cast.brief.roles.get(user=cast.editor)
    role.user = cast.former
    role.save()
    for path in ("/desk/", f"/write/{cast.brief.pk}/", "/admin/"):
        assert client.get(path)["Location"] == "/account/factor/"
    assert client.get("/account/factor/").status_code == 200
    assert client.get("/briefs/none/").status_code == 404


def test_the_demonstration_says_who_is_what(cast: Cast) -> None:
    assert cast.brief
    assert any(person == cast.approver.pk and "approver" in words for person, words in parts_played.collect())

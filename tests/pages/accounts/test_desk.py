"""The desk: what waits, by deadline."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from ledger.slots import DeskItem, Slot
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot(monkeypatch: pytest.MonkeyPatch) -> Slot[DeskItem]:
    """A desk on which only the test lays things."""
    mine: Slot[DeskItem] = Slot("desk items of a test")
    monkeypatch.setattr("accounts.desk.desk_items", mine)
    return mine


def test_an_empty_desk_says_what_will_come(cast: Cast, slot: Slot[DeskItem]) -> None:
    page = cast.client(cast.outsider).get("/desk/").content.decode()
    assert "Nothing waits for you" in page


def test_the_most_pressing_stands_first_under_its_stretch(cast: Cast, slot: Slot[DeskItem]) -> None:
    now = timezone.now()
    ahead = {"late": -1, "soon": 5, "week": 60, "later": 24 * 30}
    items = [
        DeskItem(title=name, url=f"/{name}/", action="Do it", deadline=now + timedelta(hours=hours))
        for name, hours in ahead.items()
    ]
    slot.register(lambda user: [*reversed(items), DeskItem(title="open", url="/open/", action="Do it")])
    groups = cast.client(cast.lead).get("/desk/").context["groups"]
    assert [(group.key, [item.title for item in group.items]) for group in groups] == [
        ("overdue", ["late"]),
        ("today", ["soon"]),
        ("week", ["week"]),
        ("later", ["later"]),
        ("open", ["open"]),
    ]


def test_what_only_happened_stands_aside(cast: Cast, slot: Slot[DeskItem]) -> None:
    slot.register(lambda user: [DeskItem(title="Version 3 was frozen", url="/v3/")])
    response = cast.client(cast.lead).get("/desk/")
    assert response.context["groups"] == []
    assert "Version 3 was frozen" in response.content.decode()


def test_each_sees_their_own(cast: Cast, slot: Slot[DeskItem]) -> None:
    def provider(user: User) -> list[DeskItem]:
        return [DeskItem(title="For Lea", url="/", action="Do it")] if user == cast.lead else []

    slot.register(provider)
    assert "For Lea" in cast.client(cast.lead).get("/desk/").content.decode()
    assert "For Lea" not in cast.client(cast.partner).get("/desk/").content.decode()


def test_a_deadline_shows_its_zone(cast: Cast, slot: Slot[DeskItem]) -> None:
    moment = timezone.now() + timedelta(days=2)
    item = DeskItem(title="Review", url="/", action="Go on", deadline=moment, zone="Africa/Nairobi")
    slot.register(lambda user: [item])
    assert "Nairobi" in cast.client(cast.lead).get("/desk/").content.decode()


def test_it_takes_no_post(cast: Cast) -> None:
    assert cast.client(cast.lead).post("/desk/").status_code == 405

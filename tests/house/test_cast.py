"""The cast itself: everybody can be met, and stands where the stories say."""

from __future__ import annotations

from brief.actions import give_role
from brief.states import RoleName
from ledger.models import Event
from tests.cast import Cast


def test_everybody_signs_in_and_reaches_the_desk(cast: Cast) -> None:
    answers = {name: cast.client(person).get("/desk/").status_code for name, person in cast.people.items()}
    assert answers == dict.fromkeys(cast.people, 200)


def test_a_stranger_is_sent_to_sign_in(cast: Cast) -> None:
    response = cast.client().get("/desk/")
    assert (response.status_code, response["Location"]) == (302, "/account/login/")


def test_the_records_hang_together(cast: Cast) -> None:
    assert cast.round.version == cast.version
    assert cast.invitation.round == cast.second_invitation.round == cast.open_invitation[0].round
    assert cast.version.sections.count() == len(cast.sections)
    assert not cast.brief.roles.filter(user__in=[cast.former, cast.outsider, cast.reviewer]).exists()


def test_roles_of_the_cast_are_given_as_the_product_gives_them(cast: Cast) -> None:
    """They are written in two statements; this is how it would notice that ``give_role`` has come to do otherwise."""
    given = give_role(
        actor=cast.lead, brief=cast.brief, user=cast.outsider, organisation=cast.south, role=RoleName.OBSERVER
    )
    written = cast.brief.roles.get(user=cast.observer)
    told = {
        row.pk: Event.objects.filter(verb="role.given", subject_id=str(row.pk))
        .values("actor", "subject_type", "scope", "reason", "data")
        .get()
        for row in (given, written)
    }
    for row in (given, written):
        assert told[row.pk]["data"].pop("user") == str(row.user_id)
    assert told[given.pk] == told[written.pk]
    assert (given.brief, given.organisation, given.role) == (written.brief, written.organisation, written.role)

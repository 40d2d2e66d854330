"""The cast itself: everybody can be met, and stands where the stories say."""

from __future__ import annotations

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

"""The link in the mail: opened by anybody, used by one person, once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from accounts.models import User
from ledger.models import Event, Job
from review import actions
from review.models import Invitation
from review.states import InvitationState
from tests.cast import Cast
from tests.pages.review.conftest import at, fresh

pytestmark = pytest.mark.django_db


def everything() -> str:
    rows = [*Invitation.objects.values(), *User.objects.values(), *Event.objects.values(), *Job.objects.values()]
    return json.dumps(rows, default=str, sort_keys=True)


def test_opening_the_link_changes_nothing_however_often(cast: Cast) -> None:
    _invitation, secret = cast.open_invitation
    before = everything()
    for _visit in range(25):
        scanner = Client()
        assert scanner.get(at("invitation", secret)).status_code == 200
        assert scanner.head(at("invitation", secret)).status_code == 200
        assert scanner.get(at("accept", secret)).status_code == 405
        assert scanner.get(at("decline", secret)).status_code == 405
    assert everything() == before
    assert not Session.objects.exists()


def test_the_landing_page_says_what_is_asked_and_not_a_word_of_the_text(cast: Cast) -> None:
    _invitation, secret = cast.open_invitation
    response = Client().get(at("invitation", secret))
    shown = response.content.decode()
    for words in ("work abroad", "Organisation North", "Organisation South", "minutes", "Vienna", "under a code"):
        assert words in shown
    for words in (cast.brief.title, cast.brief.summary, "Recruitment", "Recruiters promise", "Nia"):
        assert words not in shown


def test_the_page_is_kept_and_told_on_by_nobody(cast: Cast) -> None:
    _invitation, secret = cast.open_invitation
    response = Client().get(at("invitation", secret))
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "strict-origin"


def test_accepting_leads_over_a_code_in_the_mail_to_the_declarations(cast: Cast, run_jobs: Callable[[], int]) -> None:
    invitation, secret = cast.open_invitation
    client = Client()
    answer = client.post(at("accept", secret))
    assert answer["Location"].startswith("/account/login/code/?next=")
    assert client.get(at("declarations", cast.round.pk)).status_code == 302, "the link alone opens nothing"
    run_jobs()
    letter = next(message for message in outbox.outbox if message.to == [invitation.email])
    found = re.search(r"\b(\d{3}) ?(\d{3})\b", str(letter.body))
    assert found
    answer = client.post(answer["Location"], {"code": "".join(found.groups())})
    assert answer["Location"] == at("declarations", cast.round.pk)
    assert b"Before you read" in client.get(answer["Location"]).content


def test_who_is_signed_in_with_that_address_goes_straight_on(cast: Cast) -> None:
    invitation, secret = cast.open_invitation
    Invitation.objects.filter(pk=invitation.pk).update(email=cast.outsider.email)
    answer = cast.client(cast.outsider).post(at("accept", secret))
    assert answer["Location"] == at("declarations", cast.round.pk)


def test_who_is_signed_in_as_somebody_else_is_not_given_the_review(cast: Cast) -> None:
    invitation, secret = cast.open_invitation
    client = cast.client(cast.outsider)
    client.post(at("accept", secret))
    accepted = Invitation.objects.get(pk=invitation.pk)
    assert accepted.user is not None and accepted.user.email == invitation.email
    assert client.get(at("declarations", cast.round.pk)).status_code == 302


def test_a_used_link_says_so_and_offers_to_sign_in(cast: Cast) -> None:
    _invitation, secret = cast.open_invitation
    actions.accept(actor=None, secret=secret)
    for response in (Client().get(at("invitation", secret)), Client().post(at("accept", secret))):
        assert response.status_code == 409
        assert b"This link has been used" in response.content
        assert b"/account/login/" in response.content


def test_old_void_and_invented_links_say_what_to_do(cast: Cast) -> None:
    invitation, secret = cast.open_invitation
    assert Client().get(at("invitation", "invented")).status_code == 404
    Invitation.objects.filter(pk=invitation.pk).update(secret_expires_at=timezone.now())
    assert b"seven days" in Client().get(at("invitation", secret)).content
    actions.cancel(actor=cast.editor, invitation=invitation)
    assert b"taken back" in Client().get(at("invitation", secret)).content


def test_declining_thanks_and_forgets(cast: Cast) -> None:
    invitation, secret = cast.open_invitation
    response = Client().post(at("decline", secret))
    assert b"Thank you" in response.content
    declined = Invitation.objects.get(pk=invitation.pk)
    assert (declined.status, declined.email) == (InvitationState.DECLINED, "")
    board = cast.client(cast.editor).get(at("manage", cast.round.pk)).content.decode()
    assert "One person declined" in board and "Nia" not in board


def test_accepting_needs_the_pages_own_token(cast: Cast) -> None:
    invitation, secret = cast.open_invitation
    assert Client(enforce_csrf_checks=True).post(at("accept", secret)).status_code == 403
    assert Invitation.objects.get(pk=invitation.pk).status == InvitationState.INVITED


def declarations(**fields: str) -> dict[str, str]:
    return {
        "name": "Sam Second",
        "capacity": "individual",
        "sector": "survivor",
        "has_interests": "no",
        "confidentiality": "on",
        "naming": "none",
        "at_risk": "no",
        **fields,
    }


def test_declarations_open_the_text(cast: Cast) -> None:
    assert cast.second_invitation
    client = cast.client(cast.second_reviewer)
    assert client.post(at("declarations", cast.round.pk), declarations())["Location"] == at("room", cast.round.pk)
    assert client.get(at("section", cast.round.pk, cast.section.pk)).status_code == 200
    assert client.get(at("declarations", cast.round.pk))["Location"] == at("room", cast.round.pk)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"confidentiality": ""}, "required"),
        ({"has_interests": "yes"}, "what the interest is"),
        ({"capacity": "spokesperson"}, "For which organisation"),
        ({"sector": ""}, "required"),
        ({"at_risk": ""}, "required"),
        ({"naming": "loudly"}, "valid choice"),
    ],
)
def test_an_incomplete_declaration_opens_nothing(cast: Cast, fields: dict[str, str], said: str) -> None:
    assert cast.second_invitation
    client = cast.client(cast.second_reviewer)
    response = client.post(at("declarations", cast.round.pk), declarations(**fields))
    assert response.status_code == 200 and said in response.content.decode()
    assert client.get(at("section", cast.round.pk, cast.section.pk)).status_code == 403


def test_leaving_shuts_the_door(cast: Cast) -> None:
    assert cast.invitation
    client = cast.client(cast.reviewer)
    assert client.post(at("leave", cast.round.pk))["Location"] == "/desk/"
    assert client.get(at("room", cast.round.pk)).status_code == 404
    assert fresh(cast.round).is_open

"""The review editor's pages: set-up, board, each reviewer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ledger.models import Job
from review import actions
from review.forms.rounds import InviteForm
from review.models import Invitation, Round
from review.states import InvitationState
from tests.cast import Cast
from tests.pages.review.conftest import add_comment, at, fresh

pytestmark = pytest.mark.django_db


def set_up(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "version": str(cast.version.pk),
        "title": "Pilot round",
        "topic": "work abroad",
        "introduction": "Please read as a critic.",
        "deadline_date": (timezone.now() + timedelta(days=21)).date().isoformat(),
        "deadline_time": "18:00",
        "deadline_zone": "Africa/Nairobi",
        "accepts_late": "on",
        "authors_see": "codes",
        "peers_see": "never",
        "attribution": "sector",
        "after_publication": "closed",
        "question-TOTAL_FORMS": "2",
        "question-INITIAL_FORMS": "0",
        "question-0-text": "Is it sound?",
        "question-0-kind": "scale",
        "question-1-text": "",
        **fields,
    }


def test_a_round_is_set_up_in_one_page_changed_and_opened(cast: Cast, editor: Client) -> None:
    response = editor.post(at("new", cast.brief.pk), set_up(cast))
    round = Round.objects.get(title="Pilot round")
    assert response["Location"] == at("manage", round.pk)
    assert round.questions.count() == 1 and round.deadline.hour == 15
    more = {"question-INITIAL_FORMS": "1", "question-1-text": "Is it kind?", "question-1-kind": "text"}
    changed = set_up(cast, title="First round", **more)
    editor.post(at("edit", round.pk), changed)
    assert fresh(round).title == "First round" and round.questions.count() == 2
    editor.post(at("invite", round.pk), {"addresses": "Ann <ann@x.example>, bo@x.example\nann@x.example"})
    page = editor.get(at("manage", round.pk)).content.decode()
    assert "Open and send 2 invitations" in page
    editor.post(at("open", round.pk))
    assert fresh(round).is_open
    assert set(round.invitations.values_list("status", flat=True)) == {InvitationState.INVITED}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"deadline_date": "2027-03-28", "deadline_time": "02:30", "deadline_zone": "Europe/Vienna"}, "never show"),
        ({"deadline_date": "2026-10-25", "deadline_time": "02:30", "deadline_zone": "Europe/Vienna"}, "twice"),
        ({"deadline_zone": ""}, "required"),
        ({"title": ""}, "required"),
    ],
)
def test_a_wrong_set_up_says_what_is_wrong_and_keeps_the_words(
    cast: Cast, editor: Client, fields: dict[str, str], said: str
) -> None:
    page = editor.post(at("new", cast.brief.pk), set_up(cast, **fields)).content.decode()
    assert said in page and "Please read as a critic." in page and "Is it sound?" in page
    assert not Round.objects.exists()


def test_a_round_without_questions_says_why_it_does_not_open(cast: Cast, editor: Client) -> None:
    editor.post(at("new", cast.brief.pk), set_up(cast, **{"question-0-text": ""}))
    round = Round.objects.get()
    page = editor.get(at("manage", round.pk)).content.decode()
    assert "The charge has no question yet" in page and "disabled" in page
    assert editor.post(at("open", round.pk)).status_code == 409


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("ann at x", "no e-mail address"),
        ("ann@x.example, nobody", "no e-mail address"),
        ("lead@people.example", "cannot"),
    ],
)
def test_wrong_addresses_add_nobody(cast: Cast, editor: Client, pasted: str, said: str) -> None:
    assert cast.round and cast.lead.email == "lead@people.example"
    page = editor.post(at("invite", cast.round.pk), {"addresses": pasted}).content.decode()
    assert said in page
    assert not Invitation.objects.exists()


def test_look_alike_addresses_are_refused(cast: Cast, editor: Client) -> None:
    page = editor.post(at("invite", cast.round.pk), {"addresses": "аnn@x.example"}).content.decode()
    assert "trusted" in page or "no e-mail address" in page
    assert not Invitation.objects.exists()


def test_the_mail_can_be_seen_before_it_is_sent(cast: Cast, editor: Client) -> None:
    [row] = actions.invite(actor=cast.editor, round=cast.round, people=[("ann@x.example", "Ann")])
    page = editor.get(at("preview", cast.round.pk, row.pk)).content.decode()
    assert "Dear Ann," in page and "work abroad" in page and "•••" in page
    assert cast.brief.title not in page.split('class="body"')[1].split("</article>")[0]
    assert Invitation.objects.get(pk=row.pk).secret_hash == ""
    assert not Job.objects.filter(kind="mail").exists()


def test_the_board_shows_where_everybody_is(cast: Cast, editor: Client) -> None:
    assert cast.invitation and cast.second_invitation and cast.open_invitation
    Round.objects.filter(pk=cast.round.pk).update(deadline=timezone.now() - timedelta(hours=1))
    page = editor.get(at("manage", cast.round.pk)).content.decode()
    for words in ("Rita Reads", "Sam Second", "Nia New", "reviewing", "accepted", "invited", "overdue"):
        assert words in page


def test_every_button_of_the_board_works(cast: Cast, editor: Client) -> None:
    invitation, _secret = cast.open_invitation
    base = [cast.round.pk, invitation.pk]
    assert editor.post(at("resend", *base)).status_code == 302
    later = (cast.round.deadline + timedelta(days=3)).date().isoformat()
    assert editor.post(at("extend", *base), {"day": later}).status_code == 302
    assert editor.post(at("cancel", *base)).status_code == 302
    assert Invitation.objects.get(pk=invitation.pk).status == InvitationState.CANCELLED
    base = [cast.round.pk, cast.invitation.pk]
    assert editor.post(at("remind", *base)).status_code == 302
    assert "after the round" in editor.post(at("extend", *base), {"day": "2020-01-01"}).content.decode()
    assert editor.post(at("exclude", *base), {"reason": ""}).status_code == 200
    assert editor.post(at("exclude", *base), {"reason": "Undeclared interest."}).status_code == 302
    assert editor.post(at("close", cast.round.pk)).status_code == 302
    assert fresh(cast.round).is_closed


def test_the_deadline_moves_and_a_closed_round_opens_again(cast: Cast, editor: Client) -> None:
    day = (timezone.now() + timedelta(days=30)).date().isoformat()
    when = {"deadline_date": day, "deadline_time": "09:00", "deadline_zone": "Asia/Tokyo"}
    assert editor.post(at("deadline", cast.round.pk), when).status_code == 302
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    assert editor.post(at("deadline", cast.round.pk), when).status_code == 302
    assert fresh(cast.round).is_open
    past = when | {"deadline_date": "2020-01-01"}
    assert "past" in editor.post(at("deadline", cast.round.pk), past).content.decode()


@pytest.mark.parametrize("name", ["open", "close", "send", "invite"])
def test_authors_press_none_of_it(cast: Cast, author: Client, name: str) -> None:
    assert author.post(at(name, cast.round.pk)).status_code == 403


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_board_costs_the_same_for_three_and_for_sixty(cast: Cast, editor: Client) -> None:
    add_comment(cast)
    few = queries(editor, at("manage", cast.round.pk))
    people = [(f"r{number}@x.example", "") for number in range(60)]
    actions.invite(actor=cast.editor, round=cast.round, people=people)
    assert queries(editor, at("manage", cast.round.pk)) == few


def test_the_text_and_the_queue_cost_the_same_for_few_comments_and_many(cast: Cast, editor: Client) -> None:
    reviewer = cast.client(cast.reviewer)
    add_comment(cast)
    actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    actions.resume(actor=cast.reviewer, round=fresh(cast.round))
    pages = [
        (reviewer, at("section", cast.round.pk, cast.section.pk)),
        (reviewer, at("room", cast.round.pk)),
        (reviewer, at("outcome", cast.round.pk)),
        (cast.client(cast.lead), at("answers", cast.round.pk)),
        (editor, at("answers", cast.round.pk)),
        (editor, at("csv", cast.round.pk)),
    ]
    few = [queries(*page) for page in pages]
    for number in range(15):
        add_comment(cast, f"Number {number}.", start=number, end=number + 5)
    actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    actions.resume(actor=cast.reviewer, round=fresh(cast.round))
    assert [queries(*page) for page in pages] == few


@pytest.mark.parametrize(
    "line", ["Bcc: trap@reader.example", "a@reader.example\r\nBcc: trap@reader.example", "To: a@b.example"]
)
def test_a_line_of_a_mails_head_is_no_address(line: str) -> None:
    form = InviteForm({"addresses": line})
    assert not form.is_valid()
    assert "no e-mail address" in str(form.errors)
    assert InviteForm({"addresses": '"Dr: Noor" <a@reader.example>, b@reader.example'}).is_valid()

"""Setting up, opening, closing and reopening a round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ledger.models import Job, Mail
from ledger.refusals import Hidden, NotAllowed, NotNow
from review import actions
from review.models import Invitation, Round
from review.states import InvitationState, RoundState
from tests.cast import Cast
from tests.unit.review.conftest import Comment, fresh, reload, set_deadline, state


def plan(cast: Cast, **fields: Any) -> dict[str, Any]:
    soon = (timezone.now() + timedelta(days=10)).date()
    return {
        "version": cast.version,
        "title": "First round",
        "topic": "work abroad",
        "deadline_date": soon,
        "deadline_time": time(12, 0),
        "deadline_zone": "Africa/Nairobi",
        "questions": [{"text": "Is it clear?", "kind": "scale", "section": None}],
        **fields,
    }


@pytest.fixture
def draft(cast: Cast) -> Round:
    return actions.create_round(actor=cast.editor, brief=cast.brief, **plan(cast))


def test_the_review_editor_sets_up_a_round(cast: Cast, draft: Round) -> None:
    assert (draft.number, draft.status) == (1, RoundState.DRAFT)
    assert draft.deadline.hour == 9, "noon in Nairobi is nine in UTC"
    assert [question.text for question in draft.questions.all()] == ["Is it clear?"]
    assert draft.interests_text.body and draft.confidentiality_text.body


@pytest.mark.parametrize("name", ["lead", "colleague", "partner", "approver", "observer", "press", "safeguarding"])
def test_others_of_the_brief_do_not_set_up_rounds(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        actions.create_round(actor=cast[name], brief=cast.brief, **plan(cast))


def test_strangers_are_told_nothing(cast: Cast) -> None:
    with pytest.raises(Hidden):
        actions.create_round(actor=cast.outsider, brief=cast.brief, **plan(cast))


def test_a_deadline_that_clocks_skip_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        actions.create_round(
            actor=cast.editor,
            brief=cast.brief,
            **plan(cast, deadline_date=date(2027, 3, 28), deadline_time=time(2, 30), deadline_zone="Europe/Vienna"),
        )


def test_what_is_being_set_up_can_be_changed(cast: Cast, draft: Round) -> None:
    actions.edit_round(actor=cast.editor, round=draft, title="Pilot", questions=[{"text": "Why?"}, {"text": "How?"}])
    assert Round.objects.get(pk=draft.pk).title == "Pilot"
    assert [question.text for question in draft.questions.all()] == ["Why?", "How?"]


def test_what_reviewers_agreed_to_is_not_changed(cast: Cast) -> None:
    with pytest.raises(NotNow, match="opened"):
        actions.edit_round(actor=cast.editor, round=fresh(cast.round), title="Other")


def test_opening_sends_the_invitations_that_wait(cast: Cast, draft: Round, run_jobs: Callable[[], int]) -> None:
    actions.invite(actor=cast.editor, round=draft, people=[("a@x.example", "Ann"), ("b@x.example", "")])
    actions.open_round(actor=cast.editor, round=draft)
    run_jobs()
    assert set(Invitation.objects.values_list("status", flat=True)) == {InvitationState.INVITED}
    assert sorted(Mail.objects.filter(name="invitation").values_list("to", flat=True)) == ["a@x.example", "b@x.example"]


def test_a_round_without_a_question_does_not_open(cast: Cast) -> None:
    round = actions.create_round(actor=cast.editor, brief=cast.brief, **plan(cast, questions=[]))
    with pytest.raises(NotNow, match="question"):
        actions.open_round(actor=cast.editor, round=round)


def test_a_round_whose_deadline_is_past_does_not_open(cast: Cast, draft: Round) -> None:
    set_deadline(draft, days=-1)
    with pytest.raises(NotNow, match="past"):
        actions.open_round(actor=cast.editor, round=fresh(draft))


def test_a_round_opens_once(cast: Cast) -> None:
    with pytest.raises(NotNow):
        actions.open_round(actor=cast.editor, round=fresh(cast.round))


def test_closing_hands_comments_over_and_keeps_drafts(cast: Cast, comment: Comment) -> None:
    sent, draft = comment("Sent."), comment("Mine.", draft=True)
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    assert reload(sent).handed_at is not None
    assert reload(draft).handed_at is None
    assert fresh(cast.round).is_closed


def test_closing_ends_invitations_that_nobody_answered(cast: Cast) -> None:
    invitation, _secret = cast.open_invitation
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    assert state(invitation) == InvitationState.EXPIRED


@pytest.mark.parametrize("name", ["lead", "approver", "press", "reviewer"])
def test_only_the_review_editor_closes(cast: Cast, name: str) -> None:
    assert cast.invitation
    with pytest.raises(NotAllowed):
        actions.close_round(actor=cast[name], round=fresh(cast.round))


def test_a_closed_round_takes_no_comment(cast: Cast, comment: Comment) -> None:
    comment()
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    with pytest.raises(NotNow, match="closed"):
        comment()


def test_a_closed_round_can_be_opened_again_with_a_later_deadline(cast: Cast, comment: Comment) -> None:
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    day = (timezone.now() + timedelta(days=3)).date()
    with pytest.raises(NotNow, match="past"):
        actions.reopen_round(
            actor=cast.editor, round=fresh(cast.round), day=date(2020, 1, 1), clock=time(9), zone="UTC"
        )
    actions.reopen_round(actor=cast.editor, round=fresh(cast.round), day=day, clock=time(9), zone="UTC")
    assert comment().number == 1


def test_the_deadline_moves_while_the_round_is_open(cast: Cast) -> None:
    day = (timezone.now() + timedelta(days=40)).date()
    actions.move_deadline(actor=cast.editor, round=fresh(cast.round), day=day, clock=time(9), zone="Asia/Tokyo")
    assert fresh(cast.round).deadline.hour == 0
    assert Job.objects.filter(kind="review.deadline").count() == 1
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    with pytest.raises(NotNow, match="Reopen"):
        actions.move_deadline(actor=cast.editor, round=fresh(cast.round), day=day, clock=time(9), zone="UTC")


def deadline_comes(cast: Cast, run_jobs: Callable[[], int]) -> None:
    """Opens the round's plan with a deadline in a moment ago, and lets the jobs run."""
    set_deadline(cast.round, days=5)
    actions.rounds.plan(fresh(cast.round))
    set_deadline(cast.round, seconds=-1)
    passed = fresh(cast.round).deadline
    rows = Job.objects.filter(kind="review.deadline")
    payload = {"round": str(cast.round.pk), "deadline": passed.isoformat()}
    rows.update(due_at=timezone.now(), payload=payload)
    run_jobs()


def test_at_the_deadline_a_strict_round_closes(cast: Cast, run_jobs: Callable[[], int]) -> None:
    Round.objects.filter(pk=cast.round.pk).update(accepts_late=False)
    deadline_comes(cast, run_jobs)
    assert fresh(cast.round).is_closed


def test_a_strict_round_waits_for_whoever_got_more_time(cast: Cast, run_jobs: Callable[[], int]) -> None:
    Round.objects.filter(pk=cast.round.pk).update(accepts_late=False)
    Invitation.objects.filter(pk=cast.invitation.pk).update(extended_to=timezone.now() + timedelta(days=2))
    deadline_comes(cast, run_jobs)
    assert fresh(cast.round).is_open
    assert Job.objects.filter(kind="review.deadline", state="due").count() == 1


def test_a_round_that_takes_late_comments_stays_open_and_marks_them(
    cast: Cast, comment: Comment, run_jobs: Callable[[], int]
) -> None:
    assert not comment().late
    deadline_comes(cast, run_jobs)
    assert fresh(cast.round).is_open
    assert comment().late


def test_an_outdated_plan_does_nothing(cast: Cast, run_jobs: Callable[[], int]) -> None:
    Round.objects.filter(pk=cast.round.pk).update(accepts_late=False)
    actions.rounds.plan(fresh(cast.round))
    Job.objects.filter(kind__startswith="review.").update(due_at=timezone.now())
    set_deadline(cast.round, days=50)
    run_jobs()
    assert fresh(cast.round).is_open
    assert not Mail.objects.filter(name="review_reminder").exists()


def test_reviewers_at_work_are_reminded_before_the_deadline(cast: Cast, run_jobs: Callable[[], int]) -> None:
    assert cast.invitation and cast.second_invitation and cast.open_invitation
    actions.rounds.plan(fresh(cast.round))
    Job.objects.filter(kind="review.remind").update(due_at=timezone.now())
    run_jobs()
    reminded = set(Mail.objects.filter(name="review_reminder").values_list("to", flat=True))
    assert reminded == {cast.reviewer.email, cast.second_reviewer.email}

"""From an address to a declared reviewer, and every way out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from ledger.models import Event, Job, Mail
from ledger.refusals import Hidden, NotAllowed, NotNow
from review import actions
from review.models import Declaration, Invitation
from review.states import Capacity, InvitationState, Naming
from tests.cast import Cast
from tests.unit.review.conftest import Comment, fresh, reload, state

DECLARED = {
    "capacity": Capacity.INDIVIDUAL,
    "sector": "ngo",
    "organisation": "",
    "region": "East Africa",
    "has_interests": False,
    "interests": "",
    "naming": Naming.SECTOR,
    "at_risk": False,
    "risk_note": "",
}


def link_in(body: str) -> str:
    found = re.search(r"/invitations/([\w-]+)/", body)
    assert found, body
    return found.group(1)


@pytest.fixture
def invited(cast: Cast, run_jobs: Callable[[], int]) -> tuple[Invitation, str]:
    """An invitation as mailed, and the secret of its link."""
    [made] = actions.invite(actor=cast.editor, round=cast.round, people=[("Nia@X.example", "Nia")])
    actions.send_invitations(actor=cast.editor, round=fresh(cast.round))
    run_jobs()
    body = str(next(message for message in outbox.outbox if message.to == ["nia@x.example"]).body)
    return Invitation.objects.get(pk=made.pk), link_in(body)


def test_addresses_are_normalised_and_asked_once(cast: Cast) -> None:
    first = actions.invite(actor=cast.editor, round=cast.round, people=[("A@x.example", ""), ("a@X.example", "Ann")])
    again = actions.invite(actor=cast.editor, round=cast.round, people=[("a@x.example", "")])
    assert [row.email for row in first] == ["a@x.example"]
    assert again == []


@pytest.mark.parametrize("name", ["lead", "colleague", "partner", "editor", "approver"])
def test_who_makes_or_decides_the_text_does_not_review_it(cast: Cast, name: str) -> None:
    with pytest.raises(NotNow, match=cast[name].email):
        actions.invite(actor=cast.editor, round=cast.round, people=[(cast[name].email, ""), ("x@y.example", "")])
    assert not Invitation.objects.filter(email="x@y.example").exists()


@pytest.mark.parametrize("name", ["lead", "approver", "observer", "press"])
def test_only_the_review_editor_invites(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        actions.invite(actor=cast[name], round=cast.round, people=[("x@y.example", "")])


def test_the_mail_holds_the_link_and_nothing_else_does(cast: Cast, invited: tuple[Invitation, str]) -> None:
    invitation, secret = invited
    assert state(invitation) == InvitationState.INVITED
    kept = json.dumps(
        [
            list(Job.objects.values_list("payload", "result")),
            list(Event.objects.values_list("data", "reason")),
            list(Mail.objects.values_list("subject", "demo_body")),
            list(Invitation.objects.values_list("secret_hash")),
        ],
        default=str,
    )
    assert secret not in kept


def test_the_mail_does_not_name_the_brief(cast: Cast, invited: tuple[Invitation, str]) -> None:
    message = outbox.outbox[0]
    everything = message.subject + str(message.body) + str(message.alternatives[0][0])
    assert cast.brief.title not in everything
    assert "Recruitment" not in everything
    assert "work abroad" in str(message.body)
    assert "Organisation North" in str(message.body) and "Organisation South" in str(message.body)


def test_a_link_is_good_for_seven_days(cast: Cast, invited: tuple[Invitation, str]) -> None:
    invitation, secret = invited
    assert invitation.secret_expires_at is not None
    left = invitation.secret_expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    Invitation.objects.filter(pk=invitation.pk).update(secret_expires_at=timezone.now())
    with pytest.raises(NotNow, match="seven days"):
        actions.accept(actor=None, secret=secret)


def test_after_seven_days_the_invitation_expires(
    cast: Cast, invited: tuple[Invitation, str], run_jobs: Callable[[], int]
) -> None:
    invitation, _secret = invited
    Invitation.objects.filter(pk=invitation.pk).update(secret_expires_at=timezone.now())
    Job.objects.filter(kind="review.expire").update(due_at=timezone.now())
    run_jobs()
    assert state(invitation) == InvitationState.EXPIRED


def test_sending_again_makes_a_new_link_and_voids_the_old(
    cast: Cast, invited: tuple[Invitation, str], run_jobs: Callable[[], int]
) -> None:
    invitation, old = invited
    actions.resend(actor=cast.editor, invitation=invitation)
    with pytest.raises(Hidden):
        actions.accept(actor=None, secret=old)
    run_jobs()
    new = link_in(str(outbox.outbox[-1].body))
    assert new != old
    assert actions.accept(actor=None, secret=new).pk == invitation.pk


def test_an_outdated_mail_job_sends_nothing(cast: Cast, run_jobs: Callable[[], int]) -> None:
    [made] = actions.invite(actor=cast.editor, round=cast.round, people=[("nia@x.example", "")])
    actions.send_invitations(actor=cast.editor, round=fresh(cast.round))
    actions.resend(actor=cast.editor, invitation=Invitation.objects.get(pk=made.pk))
    run_jobs()
    assert [message.to for message in outbox.outbox].count(["nia@x.example"]) == 1


def test_accepting_binds_an_account_to_the_stored_address(cast: Cast, invited: tuple[Invitation, str]) -> None:
    _invitation, secret = invited
    accepted = actions.accept(actor=None, secret=secret)
    user = User.objects.get(email="nia@x.example")
    assert (accepted.user, accepted.status) == (user, InvitationState.ACCEPTED)
    assert user.organisation is None and not user.has_usable_password()


def test_accepting_takes_an_account_that_is_there(cast: Cast, run_jobs: Callable[[], int]) -> None:
    actions.invite(actor=cast.editor, round=cast.round, people=[(cast.outsider.email.upper(), "")])
    actions.send_invitations(actor=cast.editor, round=fresh(cast.round))
    run_jobs()
    accepted = actions.accept(actor=None, secret=link_in(str(outbox.outbox[-1].body)))
    assert accepted.user == cast.outsider


def test_a_link_is_used_once(cast: Cast, invited: tuple[Invitation, str]) -> None:
    _invitation, secret = invited
    actions.accept(actor=None, secret=secret)
    with pytest.raises(NotNow, match="sign in"):
        actions.accept(actor=None, secret=secret)
    with pytest.raises(NotNow, match="sign in"):
        actions.decline(actor=None, secret=secret)


def test_an_invented_link_is_nobodys(cast: Cast) -> None:
    with pytest.raises(Hidden):
        actions.accept(actor=None, secret="invented")


def test_a_cancelled_link_says_so(cast: Cast, invited: tuple[Invitation, str]) -> None:
    invitation, secret = invited
    actions.cancel(actor=cast.editor, invitation=invitation)
    with pytest.raises(NotNow, match="taken back"):
        actions.accept(actor=None, secret=secret)


def test_a_link_into_a_closed_round_says_so(cast: Cast, invited: tuple[Invitation, str]) -> None:
    _invitation, secret = invited
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    with pytest.raises(NotNow):
        actions.accept(actor=None, secret=secret)


def test_a_closed_account_does_not_accept(cast: Cast, invited: tuple[Invitation, str]) -> None:
    _invitation, secret = invited
    User.objects.create_user("nia@x.example", is_active=False)
    with pytest.raises(NotAllowed, match="closed"):
        actions.accept(actor=None, secret=secret)


def test_declining_leaves_no_trace_but_the_count(cast: Cast, invited: tuple[Invitation, str]) -> None:
    invitation, secret = invited
    actions.decline(actor=None, secret=secret)
    declined = Invitation.objects.get(pk=invitation.pk)
    assert (declined.email, declined.name, declined.user) == ("", "", None)
    assert not User.objects.filter(email="nia@x.example").exists()
    rows = [*Mail.objects.values(), *Job.objects.values(), *Event.objects.values(), *Invitation.objects.values()]
    everything = json.dumps(rows, default=str).lower()
    assert "nia@" not in everything
    assert '"nia"' not in everything
    assert Invitation.objects.filter(status=InvitationState.DECLINED).count() == 1


def test_somebody_who_declined_can_be_asked_again(cast: Cast, invited: tuple[Invitation, str]) -> None:
    _invitation, secret = invited
    actions.decline(actor=None, secret=secret)
    [again] = actions.invite(actor=cast.editor, round=cast.round, people=[("nia@x.example", "Nia")])
    assert again.status == InvitationState.DRAFT


def test_the_database_refuses_a_declined_invitation_with_an_address(cast: Cast) -> None:
    invitation, _secret = cast.open_invitation
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(status="declined")


def test_the_database_refuses_a_reviewer_without_an_account(cast: Cast) -> None:
    invitation, _secret = cast.open_invitation
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(status="reviewing")


# --- declarations -----------------------------------------------------------------------------------


def test_declaring_opens_the_text(cast: Cast) -> None:
    invitation = cast.second_invitation
    actions.declare(actor=cast.second_reviewer, round=fresh(cast.round), **DECLARED)
    declared = Invitation.objects.get(pk=invitation.pk)
    assert (declared.status, declared.region) == (InvitationState.DECLARED, "East Africa")
    declaration = Declaration.objects.get(invitation=invitation)
    assert declaration.interests_text == cast.round.interests_text
    assert declaration.naming == Naming.SECTOR


def test_nobody_declares_twice(cast: Cast) -> None:
    assert cast.invitation
    with pytest.raises(NotNow):
        actions.declare(actor=cast.reviewer, round=fresh(cast.round), **DECLARED)


def test_others_do_not_declare(cast: Cast) -> None:
    assert cast.second_invitation
    with pytest.raises(NotAllowed):
        actions.declare(actor=cast.lead, round=fresh(cast.round), **DECLARED)
    with pytest.raises(Hidden):
        actions.declare(actor=cast.outsider, round=fresh(cast.round), **DECLARED)


def test_who_is_at_risk_is_never_named(cast: Cast) -> None:
    assert cast.second_invitation
    risky = DECLARED | {"at_risk": True, "naming": Naming.NAMED}
    actions.declare(actor=cast.second_reviewer, round=fresh(cast.round), **risky)
    assert Declaration.objects.get(invitation=cast.second_invitation).naming == Naming.NONE
    with pytest.raises(NotNow, match="risk"):
        actions.change_naming(actor=cast.second_reviewer, round=fresh(cast.round), naming=Naming.NAMED)


def test_nobody_is_named_beyond_the_rounds_policy(cast: Cast) -> None:
    assert cast.second_invitation
    type(cast.round).objects.filter(pk=cast.round.pk).update(attribution=Naming.ORGANISATION)
    named = DECLARED | {"naming": Naming.NAMED}
    actions.declare(actor=cast.second_reviewer, round=fresh(cast.round), **named)
    assert Declaration.objects.get(invitation=cast.second_invitation).naming == Naming.ORGANISATION


def test_only_the_reviewer_changes_how_they_are_named(cast: Cast) -> None:
    assert cast.invitation
    actions.change_naming(actor=cast.reviewer, round=fresh(cast.round), naming=Naming.NAMED)
    assert Declaration.objects.get(invitation=cast.invitation).naming == Naming.NAMED
    for name in ("editor", "lead"):
        with pytest.raises(NotAllowed):
            actions.change_naming(actor=cast[name], round=fresh(cast.round), naming=Naming.NONE)


# --- the review editor's hand -----------------------------------------------------------------------


def test_an_extension_is_one_reviewers_own(cast: Cast, comment: Comment, run_jobs: Callable[[], int]) -> None:
    day = (cast.round.deadline + timedelta(days=7)).date()
    actions.extend(actor=cast.editor, invitation=cast.invitation, day=day)
    extended = Invitation.objects.get(pk=cast.invitation.pk)
    assert extended.deadline.date() == day
    run_jobs()
    assert Mail.objects.filter(name="deadline_extended", to=cast.reviewer.email).exists()
    type(cast.round).objects.filter(pk=cast.round.pk).update(deadline=timezone.now() - timedelta(days=1))
    assert not comment().late, "within the extension"


def test_an_extension_is_later_than_the_deadline(cast: Cast) -> None:
    with pytest.raises(NotNow, match="later"):
        actions.extend(actor=cast.editor, invitation=cast.invitation, day=timezone.now().date())


def test_who_has_finished_needs_no_extension(cast: Cast, handed: Comment) -> None:
    handed()
    day = (cast.round.deadline + timedelta(days=7)).date()
    with pytest.raises(NotNow):
        actions.extend(actor=cast.editor, invitation=Invitation.objects.get(pk=cast.invitation.pk), day=day)


def test_overdue_is_computed(cast: Cast) -> None:
    assert not cast.invitation.is_overdue
    type(cast.round).objects.filter(pk=cast.round.pk).update(deadline=timezone.now() - timedelta(minutes=1))
    assert Invitation.objects.get(pk=cast.invitation.pk).is_overdue


def test_excluding_needs_a_reason_and_takes_the_comments_out(cast: Cast, handed: Comment) -> None:
    thread = handed()
    with pytest.raises(NotNow, match="why"):
        actions.exclude(actor=cast.editor, invitation=cast.invitation, reason=" ")
    actions.exclude(actor=cast.editor, invitation=cast.invitation, reason="Undeclared interest.")
    from review.policies import counted
    from review.visibility import Viewer, threads

    assert not counted(cast.brief).exists()
    assert not threads(Viewer(cast.lead, fresh(cast.round))).filter(pk=thread.pk).exists()
    with pytest.raises(Hidden):
        actions.add_comment(actor=cast.reviewer, round=fresh(cast.round), body="Still here?")


def test_a_reminder_goes_once_a_day(cast: Cast, run_jobs: Callable[[], int]) -> None:
    for _press in range(3):
        actions.remind(actor=cast.editor, invitation=cast.invitation)
    run_jobs()
    assert Mail.objects.filter(name="review_reminder").count() == 1


def test_nobody_reminds_somebody_who_has_finished(cast: Cast, handed: Comment) -> None:
    handed()
    with pytest.raises(NotNow):
        actions.remind(actor=cast.editor, invitation=Invitation.objects.get(pk=cast.invitation.pk))


def test_what_is_accepted_cannot_be_cancelled(cast: Cast) -> None:
    with pytest.raises(NotNow):
        actions.cancel(actor=cast.editor, invitation=cast.invitation)


@pytest.mark.parametrize("verb", ["resend", "cancel", "remind"])
def test_authors_do_not_touch_invitations(cast: Cast, verb: str) -> None:
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(actor=cast.lead, invitation=cast.invitation)


# --- handing in, leaving ----------------------------------------------------------------------------


def test_handing_in_gives_a_receipt_with_a_copy(cast: Cast, comment: Comment, run_jobs: Callable[[], int]) -> None:
    comment("Please give a source.", proposed_change="Some recruiters", note_to_editor="Ask the ILO.")
    receipt = actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    run_jobs()
    assert receipt.comments == 1
    [letter] = [message for message in outbox.outbox if message.to == [cast.reviewer.email]]
    for words in (receipt.number, "Please give a source.", "Some recruiters", "Ask the ILO.", "Recruiters"):
        assert words in str(letter.body)
    assert cast.brief.title not in letter.subject
    assert state(cast.invitation) == InvitationState.ACKNOWLEDGED


def test_drafts_are_handed_in_only_when_asked(cast: Cast, comment: Comment) -> None:
    draft = comment("Not sure yet.", draft=True)
    actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    assert reload(draft).draft
    actions.resume(actor=cast.reviewer, round=fresh(cast.round))
    receipt = actions.submit(actor=cast.reviewer, round=fresh(cast.round), with_drafts=True)
    assert reload(draft).number == 1 and receipt.comments == 1


def test_the_copy_is_frozen(cast: Cast, comment: Comment) -> None:
    import hashlib

    thread = comment("Before.")
    receipt = actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    actions.reply(actor=cast.reviewer, thread=reload(thread), body="After.")
    receipt.refresh_from_db()
    assert "After." not in receipt.copy
    assert hashlib.sha256(receipt.copy.encode()).hexdigest() == receipt.sha256


def test_after_handing_in_nothing_is_added_until_it_is_taken_up_again(cast: Cast, comment: Comment) -> None:
    comment()
    actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    with pytest.raises(NotAllowed):
        comment()
    actions.resume(actor=cast.reviewer, round=fresh(cast.round))
    assert comment().number == 2


def test_a_closed_round_is_not_taken_up_again(cast: Cast, handed: Comment) -> None:
    handed()
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    with pytest.raises(NotNow):
        actions.resume(actor=cast.reviewer, round=fresh(cast.round))


def test_leaving_keeps_everything_from_everybody(cast: Cast, comment: Comment) -> None:
    thread = comment()
    actions.withdraw_from_round(actor=cast.reviewer, round=fresh(cast.round))
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    assert reload(thread).handed_at is None
    with pytest.raises(Hidden):
        actions.submit(actor=cast.reviewer, round=fresh(cast.round))


def test_who_has_handed_in_does_not_leave(cast: Cast, comment: Comment) -> None:
    comment()
    actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    actions.resume(actor=cast.reviewer, round=fresh(cast.round))
    with pytest.raises(NotNow, match="handed in"):
        actions.withdraw_from_round(actor=cast.reviewer, round=fresh(cast.round))

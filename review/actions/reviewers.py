"""What the person invited does: accept or decline, declare, submit, withdraw."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from ledger import mail
from ledger.actions import Done, action
from ledger.models import Mail
from ledger.refusals import Hidden, NotAllowed, NotNow
from ledger.transitions import move
from review import receipts
from review.actions.rounds import hand_over, tell_of_the_day
from review.codes import digest, receipt_number
from review.models import Declaration, Invitation, Receipt, ReviewThread, Round
from review.permissions import declare as may_declare
from review.permissions import invitation_of, own_review
from review.policies import check_may_write, check_open, is_late
from review.states import INVITATION, InvitationState, Naming

_NAMINGS = list(Naming.values)


def by_secret(secret: str) -> Invitation | None:
    """The invitation that a link belongs to, whatever its state."""
    rows = Invitation.objects.select_related("round__brief", "round__version")
    return rows.filter(secret_hash=digest(secret)).first()


def check_link(invitation: Invitation) -> None:
    """Whether this link can still be used; the sentence says what to do instead."""
    if invitation.status == InvitationState.CANCELLED:
        raise NotNow(_("This invitation has been taken back. The review editor can tell you more."), code="cancelled")
    if invitation.used_at or invitation.status not in (InvitationState.INVITED, InvitationState.EXPIRED):
        raise NotNow(_("This link has been used. If it was by you, sign in with your e-mail address."), code="used")
    expired = invitation.secret_expires_at is None or invitation.secret_expires_at <= timezone.now()
    if invitation.status == InvitationState.EXPIRED or expired:
        raise NotNow(_("This link was good for seven days. Ask the review editor to send it again."), code="expired")
    check_open(invitation.round)


def _locked_by(secret: str) -> Invitation:
    found = Invitation.objects.select_for_update(of=("self",)).filter(secret_hash=digest(secret)).first()
    if found is None:
        raise Hidden(_("There is no such invitation."))
    found.round = Round.objects.select_related("brief").get(pk=found.round_id)
    check_link(found)
    return found


@action("invitation.accepted_by_link")
def accept(*, actor: Any = None, secret: str) -> Done:
    """Say yes: binds an account to the stored address and uses the link up. The value is the invitation.

    Gives no session: whoever holds the link must also read the mail of that address.
    """
    invitation = _locked_by(secret)
    known = User.objects.filter(email=invitation.email).first()
    user = known or User.objects.create_user(invitation.email, invitation.name)
    if not user.is_active:
        raise NotAllowed(_("This account is closed. Please write to the review editor."))
    fields = {"user": user, "used_at": timezone.now()}
    move(INVITATION, invitation, "accept", actor=user, scope=invitation.round.brief_id, set_fields=fields)
    return Done(subject=invitation, scope=invitation.round.brief_id)


@action("invitation.declined_by_link")
def decline(*, actor: Any = None, secret: str) -> Done:
    """Say no. Nothing is kept but that somebody did: address, name and the mails' are emptied."""
    invitation = _locked_by(secret)
    Mail.objects.filter(job__payload__invitation=str(invitation.pk)).update(to="", demo_body="")
    fields = {"email": "", "name": "", "used_at": timezone.now(), "sector": "", "organisation": ""}
    move(INVITATION, invitation, "decline", actor=None, scope=invitation.round.brief_id, set_fields=fields)
    return Done(subject=invitation, scope=invitation.round.brief_id)


def _mine(actor: Any, round: Round) -> Invitation:
    """The actor's own invitation, its row locked."""
    found = invitation_of(actor, round)
    if found is None:
        raise Hidden(_("You are not a reviewer of this round."))
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=found.pk)
    locked.round = Round.objects.select_related("brief").get(pk=round.pk)
    round.__dict__.pop("_invitation_of", None)
    return locked


@action("invitation.declared")
def declare(
    *,
    actor: Any,
    round: Round,
    capacity: str,
    sector: str,
    organisation: str,
    region: str,
    has_interests: bool,
    interests: str,
    naming: str,
    at_risk: bool,
    risk_note: str,
    name: str = "",
) -> Done:
    """Make the declarations under the texts that stand for this round; then the text is shown."""
    may_declare(actor, round)
    invitation = _mine(actor, round)
    check_open(invitation.round)
    fields = {"capacity": capacity, "sector": sector, "organisation": organisation, "region": region}
    move(INVITATION, invitation, "declare", actor=actor, scope=round.brief_id, set_fields=fields)
    declaration = Declaration.objects.create(
        invitation=invitation,
        interests_text_id=round.interests_text_id,
        confidentiality_text_id=round.confidentiality_text_id,
        has_interests=has_interests,
        interests=interests.strip() if has_interests else "",
        naming=Naming.NONE if at_risk else loosest(naming, round),
        at_risk=at_risk,
        risk_note=risk_note.strip(),
    )
    if name.strip() and not actor.name:
        User.objects.filter(pk=actor.pk).update(name=name.strip())
    return Done(
        subject=declaration,
        value=invitation,
        scope=round.brief_id,
        data={"texts": [round.interests_text_id, round.confidentiality_text_id], "interests": has_interests},
    )


def loosest(naming: str, round: Round) -> str:
    """What the reviewer chose, as far as the round's policy goes."""
    return _NAMINGS[min(_NAMINGS.index(naming), _NAMINGS.index(round.attribution))]


@action("invitation.naming")
def change_naming(*, actor: Any, round: Round, naming: str) -> Done:
    """How I am named in what is published: only the reviewer changes it, at any time before."""
    own_review(actor, round)
    declaration = Declaration.objects.select_for_update().get(invitation=_mine(actor, round))
    if declaration.at_risk and naming != Naming.NONE:
        raise NotNow(_("You told us that being known could put somebody at risk, so you are not named."), code="risk")
    declaration.naming = loosest(naming, round)
    declaration.save(update_fields=["naming"])
    return Done(subject=declaration, scope=round.brief_id, data={"naming": declaration.naming})


@action("invitation.handed_in")
def submit(*, actor: Any, round: Round, with_drafts: bool = False) -> Done:
    """Hand in the review: comments go to the authors, and the reviewer gets a receipt (the value)."""
    own_review(actor, round)
    invitation = _mine(actor, round)
    check_may_write(invitation)
    if with_drafts:
        number_drafts(invitation)
    now = timezone.now()
    move(INVITATION, invitation, "submit", actor=actor, scope=round.brief_id, set_fields={"submitted_at": now})
    handed = hand_over(ReviewThread.objects.filter(invitation=invitation))
    copy = receipts.copy_of(invitation)
    text = json.dumps(copy, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    receipt = Receipt.objects.create(
        invitation=invitation,
        number=receipt_number(),
        copy=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        comments=len(copy["comments"]),
        at=now,
    )
    mail.post("review_receipt", key=str(receipt.pk), payload={"receipt": receipt.pk}, scope=round.brief_id)
    if handed:
        tell_of_the_day(invitation.round)
    return Done(
        subject=invitation, value=receipt, scope=round.brief_id, data={"receipt": receipt.number, "handed": handed}
    )


def number_drafts(invitation: Invitation) -> None:
    """Turn the reviewer's drafts into comments, oldest first. The invitation's row is locked."""
    drafts = ReviewThread.objects.filter(invitation=invitation, draft=True).order_by("thread__created_at", "pk")
    for thread in drafts:
        give_number(thread, invitation)


def give_number(thread: ReviewThread, invitation: Invitation) -> None:
    """The next number of this reviewer; late when the deadline is past."""
    last = ReviewThread.objects.filter(invitation=invitation).order_by("-number").exclude(number=None).first()
    thread.number = (last.number or 0) + 1 if last else 1
    thread.draft, thread.late = False, is_late(invitation)
    thread.save(update_fields=["number", "draft", "late"])


@action("invitation.resumed")
def resume(*, actor: Any, round: Round) -> Done:
    """Take the review up again while the round is open."""
    own_review(actor, round)
    invitation = _mine(actor, round)
    check_open(invitation.round)
    move(INVITATION, invitation, "resume", actor=actor, scope=round.brief_id)
    return Done(subject=invitation, scope=round.brief_id)


@action("invitation.withdrawn")
def withdraw_from_round(*, actor: Any, round: Round) -> Done:
    """Leave the round before handing in: what was written so far reaches nobody."""
    may_declare(actor, round)
    invitation = _mine(actor, round)
    if invitation.submitted_at:
        raise NotNow(
            _("You have handed in comments before. Withdraw single comments, or hand in what you have now."),
            code="handed_in",
        )
    move(INVITATION, invitation, "withdraw", actor=actor, scope=round.brief_id)
    return Done(subject=invitation, scope=round.brief_id)

"""The mails of a review: each builder returns only what its templates need, or None when it is no longer due.

Reviewers' mails never name the brief: it is called by its round's *topic*.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from ledger import jobs
from ledger.mail import Letter
from ledger.transitions import move
from review.codes import mint
from review.models import Invitation, Receipt, ReviewThread, Round
from review.policies import UNANSWERED
from review.size import size_of
from review.states import APART, INVITATION, READING, WORKING, InvitationState, RoundState

#: How long a link is good for (DOMAIN, Review rules).
GOOD_FOR = timedelta(days=7)


def address(name: str, *args: Any) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


def invitation(payload: dict[str, Any]) -> Letter | None:
    """Mints the link's secret and keeps its hash. A later sending makes an earlier one needless."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("round__version", "round__brief")
    found = rows.filter(pk=payload["invitation"], status=InvitationState.INVITED, sendings=payload["sending"]).first()
    if found is None or found.round.status != RoundState.OPEN:
        return None
    secret, found.secret_hash = mint()
    found.secret_expires_at = timezone.now() + GOOD_FOR
    found.save(update_fields=["secret_hash", "secret_expires_at"])
    jobs.enqueue(
        "review.expire",
        key=f"review.expire:{found.pk}:{found.sendings}:{int(found.secret_expires_at.timestamp())}",
        payload={"invitation": str(found.pk)},
        due_at=found.secret_expires_at + timedelta(seconds=1),
        scope=found.round.brief_id,
    )
    link = address("review:invitation", secret)
    return Letter(to=found.email, context=invitation_context(found) | {"link": link})


def invitation_context(found: Invitation) -> dict[str, Any]:
    """What the mail and the landing page say: who asks, what, how long, by when. Never the brief's title."""
    round = found.round
    publishers = round.brief.publishers.select_related("organisation")
    return {
        "name": found.name,
        "round": round,
        "topic": round.topic,
        "organisations": [row.organisation.name for row in publishers],
        "size": size_of(round.version),
        "deadline": found.deadline,
        "zone": round.deadline_zone,
        "expires_at": found.secret_expires_at or timezone.now() + GOOD_FOR,
    }


def reminder(payload: dict[str, Any]) -> Letter | None:
    found = _bound(payload["invitation"], WORKING)
    if found is None or not found.round.is_open:
        return None
    context = {"deadline": found.deadline, "zone": found.round.deadline_zone, "topic": found.round.topic}
    return _to(found, context | {"link": address("review:room", found.round_id)})


def extended(payload: dict[str, Any]) -> Letter | None:
    found = _bound(payload["invitation"], WORKING)
    if found is None:
        return None
    context = {"deadline": found.deadline, "zone": found.round.deadline_zone, "topic": found.round.topic}
    return _to(found, context | {"link": address("review:room", found.round_id)})


def receipt(payload: dict[str, Any]) -> Letter | None:
    """The receipt, with a copy of all comments. Sending it acknowledges the review."""
    rows = Receipt.objects.select_related("invitation__user", "invitation__round")
    found = rows.filter(pk=payload["receipt"]).first()
    if found is None:
        return None
    reviewer = Invitation.objects.select_for_update(of=("self",)).get(pk=found.invitation_id)
    if reviewer.status == InvitationState.SUBMITTED:
        move(INVITATION, reviewer, "acknowledge", actor=None, scope=found.invitation.round.brief_id)
    round = found.invitation.round
    return _to(
        found.invitation,
        {
            "receipt": found,
            "copy": json.loads(found.copy),
            "topic": round.topic,
            "zone": round.deadline_zone,
            "link": address("review:receipt", round.pk, found.number),
        },
    )


def answers_ready(payload: dict[str, Any]) -> Letter | None:
    found = _bound(payload["invitation"], READING)
    if found is None:
        return None
    return _to(found, {"topic": found.round.topic, "link": address("review:outcome", found.round_id)})


def _bound(pk: str, states: Any) -> Invitation | None:
    rows = Invitation.objects.select_related("user", "round__brief")
    return rows.filter(pk=pk, status__in=states, user__is_active=True).first()


def _to(found: Invitation, context: dict[str, Any]) -> Letter:
    assert found.user is not None
    return Letter(to=found.user.email, context={"name": found.user.name} | context)


# --- to the people of the brief ---------------------------------------------------------------------


def to_staff(payload: dict[str, Any]) -> Letter | None:
    """One person's copy of ``round_opened``."""
    round = Round.objects.select_related("brief").filter(pk=payload["round"]).first()
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if round is None or user is None:
        return None
    return Letter(
        to=user.email,
        context={
            "name": user.name,
            "round": round,
            "topic": round.topic,
            "zone": user.zone,
            "link": address("review:answers", round.pk),
        },
    )


def handed_over(payload: dict[str, Any]) -> Letter | None:
    """One person's copy of ``comments_handed_over``; none when every comment has its answer meanwhile."""
    waiting = ReviewThread.objects.filter(UNANSWERED, round=payload["round"], handed_at__isnull=False)
    if not waiting.filter(withdrawn_at=None).exclude(invitation__status__in=APART).exists():
        return None
    return to_staff(payload)


def safeguarding_alert(payload: dict[str, Any]) -> Letter | None:
    thread = ReviewThread.objects.select_related("round").filter(pk=payload["thread"]).first()
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if thread is None or user is None or thread.cleared_at or thread.withdrawn_at:
        return None
    link = address("review:answer", thread.round_id, thread.pk)
    return Letter(to=user.email, context={"name": user.name, "topic": thread.round.topic, "link": link})


def disposition_returned(payload: dict[str, Any]) -> Letter | None:
    """To the author who proposed it."""
    rows = ReviewThread.objects.select_related("round", "invitation", "disposition__proposed_by")
    thread = rows.filter(pk=payload["thread"], disposition__status="returned").first()
    user = thread.disposition.proposed_by if thread else None
    if thread is None or user is None or not user.is_active:
        return None
    return Letter(
        to=user.email,
        context={
            "name": user.name,
            "label": thread.label,
            "reason": thread.disposition.return_reason,
            "topic": thread.round.topic,
            "link": address("review:answer", thread.round_id, thread.pk),
        },
    )

"""What time brings to a round. Every handler looks at the row again: plans grow old."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from ledger import jobs
from ledger.transitions import move
from review import actions
from review.models import Invitation, Round
from review.states import INVITATION, WORKING, InvitationState, RoundState


def remind(running: jobs.Running) -> dict[str, Any]:
    """Some days before the deadline: one mail to each who accepted and has not finished."""
    round = _planned(running)
    if round is None:
        return {"reminded": 0}
    at_work = list(Invitation.objects.filter(round=round, status__in=WORKING).select_related("round__brief"))
    for invitation in at_work:
        actions.remind(actor=None, invitation=invitation)
    return {"reminded": len(at_work)}


def deadline(running: jobs.Running) -> dict[str, Any]:
    """At the deadline: closes the round, unless it was set up to take late comments."""
    round = _planned(running)
    if round is None or round.accepts_late:
        return {"closed": False}
    later = Invitation.objects.filter(round=round, status__in=WORKING, extended_to__gt=timezone.now())
    last = later.order_by("-extended_to").first()
    if last is not None and last.extended_to:
        key = f"review.deadline:{round.pk}:extended:{last.extended_to:%Y%m%d}"
        jobs.enqueue("review.deadline", key=key, payload=running.payload, due_at=last.extended_to, scope=round.brief_id)
        return {"closed": False}
    actions.close_round(actor=None, round=round, reason="deadline")
    return {"closed": True}


def expire(running: jobs.Running) -> dict[str, Any]:
    """Seven days after a link was sent: the invitation expires, unless it was answered or sent again."""
    rows = Invitation.objects.select_for_update(of=("self",)).filter(pk=running.payload["invitation"])
    invitation = rows.filter(status=InvitationState.INVITED, secret_expires_at__lte=timezone.now()).first()
    if invitation is None:
        return {"expired": False}
    move(INVITATION, invitation, "expire", actor=None, scope=running.job.scope)
    return {"expired": True}


def _planned(running: jobs.Running) -> Round | None:
    """The open round, when its deadline is still the one this job was planned for."""
    wanted = datetime.fromisoformat(running.payload["deadline"])
    rows = Round.objects.select_related("brief", "version").filter(pk=running.payload["round"])
    return rows.filter(status=RoundState.OPEN, deadline=wanted).first()

"""The board's rows: each invitation with its figures, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from review.models import Invitation, Round
from review.states import FINISHED, WORKING, InvitationState


@dataclass(frozen=True)
class Row:
    """One invitation as the review editor sees it."""

    invitation: Invitation
    comments: int

    @classmethod
    def of(cls, invitation: Invitation, comments: int) -> Row:
        return cls(invitation, comments)

    @property
    def status(self) -> str:
        return self.invitation.status

    @property
    def who(self) -> str:
        user = self.invitation.user
        return (user.name if user else "") or self.invitation.name or self.invitation.email

    @property
    def overdue(self) -> bool:
        return self.invitation.is_overdue and self.invitation.round.is_open

    @property
    def deadline(self) -> datetime:
        return self.invitation.deadline

    @property
    def tone(self) -> str:
        """How its tag is coloured; the word says the same."""
        if self.status in FINISHED:
            return "good"
        if self.status in WORKING:
            return "risk" if self.overdue else ""
        return "hold" if self.status in (InvitationState.INVITED, InvitationState.EXPIRED) else "plain"

    @property
    def can_resend(self) -> bool:
        return self.status in (InvitationState.INVITED, InvitationState.EXPIRED) and self.invitation.round.is_open

    @property
    def can_remind(self) -> bool:
        return self.status in WORKING and self.invitation.round.is_open

    @property
    def can_cancel(self) -> bool:
        return self.status in (InvitationState.DRAFT, InvitationState.INVITED, InvitationState.EXPIRED)

    @property
    def can_exclude(self) -> bool:
        return self.status in WORKING | FINISHED

    @property
    def can_extend(self) -> bool:
        return self.status in WORKING | {InvitationState.INVITED} and self.invitation.round.is_open


def rows_of(round: Round) -> list[Row]:
    """Every invitation of the round: one query."""
    counted = Count("threads", filter=Q(threads__draft=False, threads__withdrawn_at=None))
    found = Invitation.objects.filter(round=round).select_related("user").annotate(comments=counted).order_by("code")
    rows = []
    for invitation in found:
        invitation.round = round
        rows.append(Row(invitation, invitation.comments))
    return rows

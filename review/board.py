"""The board's rows: each invitation with its figures, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.models import Sector
from review.models import Invitation, ReviewThread, Round
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

    # Not Django's get_…_display: that hashes, and so translates, every choice there is for each row.
    @property
    def state(self) -> str:
        return str(InvitationState(self.invitation.status).label)

    @property
    def sector(self) -> str:
        sector = self.invitation.sector
        return str(Sector(sector).label) if sector else ""

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


#: Invitations on one page of the board.
SHOWN = 25


def shown(round: Round) -> QuerySet[Invitation]:
    """The invitations of a round that its board lists, in the order of their codes."""
    rows = Invitation.objects.filter(round=round).exclude(status=InvitationState.DECLINED)
    return rows.select_related("user").order_by("code")


def rows_of(round: Round, invitations: Iterable[Invitation]) -> list[Row]:
    """Some of them with their figures: one query whatever their number."""
    found = list(invitations)
    sent = ReviewThread.objects.filter(invitation__in=found, draft=False, withdrawn_at=None).order_by()
    counts = dict(sent.values_list("invitation").annotate(number=Count("pk"))) if found else {}
    for invitation in found:
        invitation.round = round
    return [Row(invitation, counts.get(invitation.pk, 0)) for invitation in found]


def standing(round: Round) -> dict[str, int]:
    """``{declined, waiting, shown}``: how many of the round's invitations are so. One query."""
    counted: dict[str, int] = Invitation.objects.filter(round=round).aggregate(
        declined=Count("pk", filter=Q(status=InvitationState.DECLINED)),
        waiting=Count("pk", filter=Q(status=InvitationState.DRAFT)),
        shown=Count("pk", filter=~Q(status=InvitationState.DECLINED)),
    )
    return counted

"""The board's rows: each invitation with its figures, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, UUIDField

from accounts.models import Sector
from brief.models import VersionSection
from ledger.prepared import Among, Hole, Prepared, PreparedRows
from review.models import ChargeQuestion, Invitation, ReviewThread, Round
from review.policies import UNANSWERED, UNCONFIRMED, UNSETTLED, heard
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
    counts = dict(_sent(invitations=[each.pk for each in found])) if found else {}
    for invitation in found:
        invitation.round = round
    return [Row(invitation, counts.get(invitation.pk, 0)) for invitation in found]


def _by_invitation() -> QuerySet[Any, tuple[Any, ...]]:
    these = Among("invitation_id", "invitations", UUIDField())
    sent = ReviewThread.objects.filter(these, draft=False, withdrawn_at=None).order_by()
    return sent.values_list("invitation_id").annotate(number=Count("pk"))


_sent = Prepared(_by_invitation)


def standing(round: Round) -> dict[str, int]:
    """``{declined, waiting, shown}``: how many of the round's invitations are so. One query."""
    counted = _states(round=round.pk) or [(0, 0, 0)]
    return dict(zip(("declined", "waiting", "shown"), counted[0], strict=True))


def _by_state() -> QuerySet[Any, tuple[Any, ...]]:
    rows = Invitation.objects.filter(round_id=Hole("round", UUIDField())).order_by().values("round_id")
    counted = rows.annotate(
        declined=Count("pk", filter=Q(status=InvitationState.DECLINED)),
        waiting=Count("pk", filter=Q(status=InvitationState.DRAFT)),
        shown=Count("pk", filter=~Q(status=InvitationState.DECLINED)),
    )
    return counted.values_list("declined", "waiting", "shown")


_states = Prepared(_by_state)
#: What the board counts of the round's comments.
FIGURES = ("total", "handed", "unanswered", "unconfirmed", "critical", "flags")


def figures(round: Round) -> dict[str, int]:
    """By the names of ``FIGURES``, of comments that need an answer. One query."""
    counted = _figures(round=round.pk) or [(0,) * len(FIGURES)]
    return dict(zip(FIGURES, counted[0], strict=True))


def _by_answer() -> QuerySet[Any, tuple[Any, ...]]:
    rows = heard().filter(round_id=Hole("round", UUIDField())).order_by().values("round_id")
    counted = rows.annotate(
        total=Count("pk"),
        handed=Count("pk", filter=Q(handed_at__isnull=False)),
        unanswered=Count("pk", filter=Q(handed_at__isnull=False) & UNANSWERED),
        unconfirmed=Count("pk", filter=UNCONFIRMED),
        critical=Count("pk", filter=Q(severity="critical") & UNSETTLED),
        flags=Count("pk", filter=Q(safeguarding=True, cleared_at=None)),
    )
    return counted.values_list(*FIGURES)


_figures = Prepared(_by_answer)


def questions(round: Round) -> list[ChargeQuestion]:
    """The charge, each question with its section."""
    return _questions(round=round.pk)


def _charge() -> QuerySet[ChargeQuestion]:
    rows = ChargeQuestion.objects.filter(round_id=Hole("round", UUIDField())).select_related("section")
    # A section's text is most of what it weighs.
    return rows.only("round", "order", "text", "section__title").order_by("order")


_questions = PreparedRows(_charge)


def first_section(round: Round) -> UUID | None:
    """Where the text begins that reviewers see; None of an empty version."""
    return next((section for (section,) in _first(version=round.version_id)), None)


def _first_of_version() -> QuerySet[Any, tuple[Any, ...]]:
    rows = VersionSection.objects.filter(version_id=Hole("version", UUIDField()))
    return rows.order_by("order").values_list("section_id")[:1]


_first = Prepared(_first_of_version)

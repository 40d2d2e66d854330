"""Who sees what of a round: querysets, and each comment written out for one viewer (TRUST 3).

Templates are given ``Seen`` only: what a viewer may not know is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from brief.models import Anchor, Comment, Role
from brief.permissions import AUTHORS
from brief.states import RoleName
from ledger.refusals import Hidden
from review.models import Disposition, Invitation, ReviewThread, Round
from review.permissions import invitation_of, is_editor, is_round_author, is_safeguarding
from review.policies import disposition_of
from review.states import APART, READING, AuthorsSee, CommentType, DispositionState, Outcome, PeersSee, Severity


class Viewer:
    """A person as seen from one round: in which parts they stand there."""

    def __init__(self, user: Any, round: Round) -> None:
        self.user = user
        self.round = round

    @cached_property
    def editor(self) -> bool:
        return is_editor(self.user, self.round)

    @cached_property
    def author(self) -> bool:
        return is_round_author(self.user, self.round)

    @cached_property
    def safeguarding(self) -> bool:
        return is_safeguarding(self.user, self.round)

    @cached_property
    def invitation(self) -> Invitation | None:
        found = invitation_of(self.user, self.round)
        return found if found and found.status in READING else None

    @property
    def knows_names(self) -> bool:
        """Who sees reviewers' names: the editor always, authors when the policy says so."""
        return self.editor or (self.author and self.round.authors_see == AuthorsSee.NAMES)

    @property
    def sees_peers(self) -> bool:
        """Whether this reviewer sees the other reviewers' comments now."""
        if self.invitation is None:
            return False
        policy = self.round.peers_see
        return policy == PeersSee.AT_ONCE or (policy == PeersSee.AFTER_CLOSE and self.round.is_closed)

    @cached_property
    def people(self) -> _People:
        return _People(self.round)


class _People:
    """Who is who in a round, from two queries."""

    def __init__(self, round: Round) -> None:
        rows = Invitation.objects.filter(round=round, user__isnull=False).select_related("user")
        self.reviewers = {row.user_id: row for row in rows}
        self.roles: dict[UUID, set[str]] = {}
        for user_id, role in Role.objects.filter(brief=round.brief_id).values_list("user_id", "role"):
            self.roles.setdefault(user_id, set()).add(role)


def threads(viewer: Viewer) -> QuerySet[ReviewThread]:
    """The comments of the round that this person may see, drafts only when their own."""
    rows = ReviewThread.objects.filter(round=viewer.round)
    seen = Q(pk__in=[])
    sent = Q(draft=False) & ~Q(invitation__status__in=APART)
    if viewer.editor:
        seen |= Q(draft=False)
    if viewer.author:
        seen |= sent & Q(handed_at__isnull=False)
    if viewer.safeguarding:
        seen |= sent & Q(safeguarding=True)
    if viewer.invitation:
        seen |= Q(invitation=viewer.invitation)
        if viewer.sees_peers:
            # A safeguarding flag may point at a person: it stays with those who must act.
            seen |= sent & Q(safeguarding=False, withdrawn_at=None)
    return rows.filter(seen)


def related(rows: QuerySet[ReviewThread]) -> QuerySet[ReviewThread]:
    """With everything ``see`` looks at, in a fixed number of queries."""
    joined = rows.select_related(
        "thread__section",
        "thread__anchor",
        "invitation",
        "disposition__duplicate_of__invitation",
        "disposition__proposed_by",
        "disposition__applied_section",
    )
    return joined.prefetch_related("thread__comments__author")


def find(viewer: Viewer, thread_id: UUID) -> ReviewThread:
    """One comment; what this person may not see does not exist for them."""
    found = related(threads(viewer)).filter(pk=thread_id).first()
    if found is None:
        raise Hidden(_("There is no such comment."))
    found.round = viewer.round
    found.invitation.round = viewer.round
    return found


def check_sees(user: Any, thread: ReviewThread) -> None:
    if not threads(Viewer(user, thread.round)).filter(pk=thread.pk).exists():
        raise Hidden(_("There is no such comment."))


def dispositions_shown(viewer: Viewer, thread: ReviewThread) -> bool:
    """Reviewers see an answer when it is confirmed; those who make it see it before."""
    if viewer.editor or viewer.author:
        return True
    disposition = disposition_of(thread)
    return disposition is not None and disposition.status == DispositionState.CONFIRMED


@dataclass(frozen=True)
class Said:
    """One reply, for one viewer. ``at``: exact for oneself and the editor, the day for authors."""

    who: str
    body: str
    at: datetime | None
    mine: bool = False


@dataclass(frozen=True)
class SeenAnswer:
    """A disposition, for one viewer."""

    outcome: str
    label: str
    response: str
    status: str
    status_label: str
    who: str = ""
    double: str = ""
    return_reason: str = ""
    applied: bool = False
    applied_section: UUID | None = None
    proposed_by: UUID | None = None


@dataclass(frozen=True)
class Seen:
    """A comment written out for one viewer; empty is what they may not know, or what is not there."""

    id: UUID
    label: str
    who: str
    mine: bool
    draft: bool
    late: bool
    withdrawn: bool
    type: str
    type_label: str
    severity: str
    severity_label: str
    safeguarding: bool
    cleared: bool
    body: str
    proposed_change: str
    note_to_editor: str
    section_id: UUID | None
    section_title: str
    block: str
    start: int
    end: int
    paragraph: int | None
    quotation: str
    handed: bool
    #: Exact for the reviewer; for others only the day counts (DECISIONS: coarse times).
    at: datetime | None
    day: datetime | None
    replies: tuple[Said, ...] = ()
    answer: SeenAnswer | None = None
    organisation: str = ""
    anchor: Anchor | None = field(default=None, repr=False)

    @property
    def state(self) -> str:
        """The word that ``components/thread.html`` styles by."""
        if self.withdrawn:
            return "withdrawn"
        if self.draft:
            return "draft"
        settled = self.answer is not None and self.answer.status == DispositionState.CONFIRMED
        return "resolved" if settled else ""


def see_all(viewer: Viewer, rows: Iterable[ReviewThread]) -> list[Seen]:
    return [see(viewer, row) for row in rows]


def see(viewer: Viewer, thread: ReviewThread) -> Seen:
    """``thread`` as ``viewer`` may know it. The caller found it through ``threads``."""
    mine = viewer.invitation is not None and viewer.invitation.pk == thread.invitation_id
    hidden = thread.withdrawn_at is not None and not mine and not viewer.editor
    anchor = getattr(thread.thread, "anchor", None)
    said = list(thread.thread.comments.all())
    insider = mine or viewer.editor
    return Seen(
        id=thread.pk,
        label=thread.label,
        who=_("You") if mine else name_of(viewer, thread.invitation),
        mine=mine,
        draft=thread.draft,
        late=thread.late,
        withdrawn=thread.withdrawn_at is not None,
        type=thread.type,
        type_label=str(CommentType(thread.type).label),
        severity=thread.severity,
        severity_label=str(Severity(thread.severity).label),
        safeguarding=thread.safeguarding and (insider or viewer.author or viewer.safeguarding),
        cleared=thread.cleared_at is not None,
        body="" if hidden or not said else said[0].body,
        proposed_change="" if hidden else thread.proposed_change,
        note_to_editor=thread.note_to_editor if insider else "",
        section_id=thread.thread.section_id,
        section_title=thread.thread.section.title if thread.thread.section else "",
        block=anchor.block if anchor else "",
        start=anchor.start if anchor else 0,
        end=anchor.end if anchor else 0,
        paragraph=thread.paragraph,
        quotation=anchor.quotation if anchor else "",
        handed=thread.handed_at is not None,
        at=thread.thread.created_at if insider else None,
        day=_day(thread.handed_at),
        replies=() if hidden else tuple(_said(viewer, thread, comment) for comment in said[1:]),
        answer=_answer(viewer, thread),
        organisation=organisation_of(viewer, thread.invitation),
        anchor=anchor,
    )


def name_of(viewer: Viewer, invitation: Invitation) -> str:
    """A reviewer, as this viewer may call them."""
    if not viewer.knows_names or invitation.user_id is None:
        return invitation.pseudonym
    person = viewer.people.reviewers.get(invitation.user_id)
    name = (person.user.name or person.user.email) if person and person.user else ""
    return f"{invitation.pseudonym} ({name})" if name else invitation.pseudonym


def organisation_of(viewer: Viewer, invitation: Invitation) -> str:
    """A reviewer's organisation or sector, for those who know names; nothing for others."""
    if not viewer.knows_names:
        return ""
    return invitation.organisation or invitation.get_sector_display()


def _said(viewer: Viewer, thread: ReviewThread, comment: Comment) -> Said:
    mine = comment.author_id == viewer.user.pk
    words = "" if comment.withdrawn_at and not mine else comment.body
    who = _("You") if mine else _speaker(viewer, comment)
    at = comment.at if mine or viewer.editor else _day(comment.at) if viewer.author else None
    return Said(who=who, body=words, at=at, mine=mine)


def _day(at: datetime | None) -> datetime | None:
    """Coarse: a minute would tell who was at work then (DECISIONS)."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) if at else None


def _speaker(viewer: Viewer, comment: Comment) -> str:
    """Reviewers by their code; authors and editors by name among themselves, by their part to reviewers."""
    people = viewer.people
    if comment.author_id in people.reviewers:
        return name_of(viewer, people.reviewers[comment.author_id])
    name = comment.author.name if comment.author and (viewer.editor or viewer.author) else ""
    roles = people.roles.get(comment.author_id, set()) if comment.author_id else set()
    if roles & AUTHORS:
        return _("Author") + (f" ({name})" if name else "")
    if RoleName.REVIEW_EDITOR in roles:
        return _("Review editor") + (f" ({name})" if name else "")
    return name or _("Editorial team")


def _answer(viewer: Viewer, thread: ReviewThread) -> SeenAnswer | None:
    disposition: Disposition | None = disposition_of(thread)
    if disposition is None or not dispositions_shown(viewer, thread):
        return None
    inside = viewer.editor or viewer.author
    double = disposition.duplicate_of
    proposer = disposition.proposed_by
    return SeenAnswer(
        outcome=disposition.outcome,
        label=str(Outcome(disposition.outcome).label),
        response=disposition.response,
        status=disposition.status,
        status_label=str(DispositionState(disposition.status).label),
        who=proposer.name if inside and proposer else "",
        # Another reviewer's number is told only to those who may see that comment.
        double=double.label if double and (inside or double.invitation_id == thread.invitation_id) else "",
        return_reason=disposition.return_reason if inside else "",
        applied=disposition.applied_version is not None,
        applied_section=disposition.applied_section_id,
        proposed_by=disposition.proposed_by_id if inside else None,
    )

"""The reviews' own records: how long they are kept, and what they say of a person.

Comments and dispositions are in no class: they stay. Whose comments they were is forgotten in time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from reversion.models import Revision

from accounts.erasure import NOWHERE, stand_in
from brief.kept import published_between
from brief.models import Comment, Thread
from ledger.holds import Held
from ledger.models import Event, Job, Mail
from ledger.people import Leaving, Records, let_go, replace_words
from ledger.retention import RecordClass
from ledger.transitions import move
from review.models import ChargeAnswer, Declaration, Disposition, Invitation, ReadingMark, Receipt, ReviewThread, Round
from review.states import FINISHED, INVITATION, WORKING, InvitationState, Naming, RoundState

#: First words of the events by which a reviewer could be told from another.
REVIEWING = ("invitation", "comment", "charge", "disposition")
#: Said no, never answered, or was asked by mistake: nobody has an account by it.
NEVER = (InvitationState.DECLINED, InvitationState.EXPIRED, InvitationState.CANCELLED)


def never_due(before: datetime, held: Held) -> QuerySet[Any]:
    rows = Invitation.objects.filter(status__in=NEVER, user=None).exclude(round__brief__in=held.briefs)
    return rows.filter(Q(used_at__lt=before) | Q(used_at=None, created_at__lt=before))


def remove_never(rows: QuerySet[Any]) -> int:
    invitations = list(rows)
    ids = [str(invitation.pk) for invitation in invitations]
    Mail.objects.filter(job__payload__invitation__in=ids).update(to="", demo_body="")
    Invitation.objects.filter(pk__in=[invitation.pk for invitation in invitations]).delete()
    return len(invitations)


def reviewers_due(before: datetime, held: Held) -> QuerySet[Any]:
    """Identities in closed rounds whose brief was published after them, so long ago."""
    rows = Invitation.objects.exclude(user=None).exclude(email__endswith=f"@{NOWHERE}")
    rows = rows.exclude(round__brief__in=held.briefs).exclude(user__in=held.people)
    return rows.filter(published_between("round__closed_at", before, "round__brief"), round__status=RoundState.CLOSED)


def detach(rows: QuerySet[Any]) -> int:
    invitations = list(rows.select_related("user", "round"))
    for invitation in invitations:
        _detach(invitation)
    return len(invitations)


def _detach(invitation: Invitation) -> None:
    """Cut the link between a review and an account: both stay, and nobody can tell that they belong together."""
    person, other, brief = invitation.user, stand_in(), invitation.round.brief_id
    threads = ReviewThread.objects.filter(invitation=invitation)
    mine = {"thread__in": threads.values("pk"), "author": person}
    Comment.objects.filter(**mine).update(author=other)
    Thread.every.filter(pk__in=threads.values("pk"), created_by=person).update(created_by=other)
    verbs = Q()
    for word in REVIEWING:
        verbs |= Q(verb__startswith=f"{word}.")
    let_go("identity")
    Event.objects.filter(verbs, scope=brief, actor=person).update(actor=other)
    let_go("")
    of_review = Q()
    for word in REVIEWING:
        of_review |= Q(comment__startswith=f"{word}.")
    Revision.objects.filter(of_review, user=person, version__object_id__in=_ids(threads)).update(user=other)
    jobs = Job.objects.filter(Q(payload__invitation=str(invitation.pk)) | Q(payload__receipt__in=_receipts(invitation)))
    Mail.objects.filter(job__in=jobs).update(to="", demo_body="")
    _blank([invitation], user=other)


def _ids(threads: QuerySet[ReviewThread]) -> list[str]:
    return [str(pk) for pk in threads.values_list("pk", flat=True)]


def _receipts(invitation: Invitation) -> list[int]:
    return list(Receipt.objects.filter(invitation=invitation).values_list("pk", flat=True))


def _blank(invitations: list[Invitation], **more: Any) -> None:
    """Empty what an invitation and its declaration tell of a person. The code of the comments stays."""
    empty = {"name": "", "organisation": "", "region": "", "secret_hash": "", "secret_expires_at": None}
    for invitation in invitations:
        address = "" if invitation.status == InvitationState.DECLINED else f"{invitation.pk.hex}@{NOWHERE}"
        Invitation.objects.filter(pk=invitation.pk).update(email=address, **empty, **more)
    told = Declaration.objects.filter(invitation__in=invitations)
    told.filter(has_interests=True).update(interests="–")
    told.update(risk_note="", at_risk=False, naming=Naming.NONE)
    ReadingMark.objects.filter(invitation__in=invitations).delete()
    Receipt.objects.filter(invitation__in=invitations).delete()


def marks_due(before: datetime, held: Held) -> QuerySet[Any]:
    rows = ReadingMark.objects.filter(invitation__round__closed_at__lt=before)
    rows = rows.filter(invitation__round__status=RoundState.CLOSED)
    return rows.exclude(invitation__round__brief__in=held.briefs).exclude(invitation__user__in=held.people)


CLASSES = (
    RecordClass(
        "invitations",
        _("Invitations without an answer"),
        _("Invitations declined, expired or taken back, with address and name; from the answer or the asking."),
        90,
        never_due,
        remove_never,
        least=7,
    ),
    RecordClass(
        "reviewers",
        _("Who a reviewer was"),
        _(
            "Name, address, organisation and declarations of reviewers; from the publication of the brief. Comments "
            "and answers stay under the reviewer's code."
        ),
        730,
        reviewers_due,
        detach,
        least=30,
    ),
    RecordClass(
        "marks",
        _("Reading marks"),
        _("Which sections a reviewer has marked as read; from the end of the round."),
        30,
        marks_due,
    ),
)


# --- a person ---------------------------------------------------------------------------------------


def about(user: Any) -> list[Records]:
    """The person's own reviews: what they were asked, declared, wrote and handed in."""
    mine = Invitation.objects.filter(user=user)
    asked = mine.annotate(topic=F("round__topic"), round_title=F("round__title"))
    fields = ("code", "status", "capacity", "sector", "region", "organisation", "invited_at", "used_at", "submitted_at")
    declared = Declaration.objects.filter(invitation__in=mine)
    said = Comment.objects.filter(author=user, thread__review__isnull=False).order_by("at")
    threads = ReviewThread.objects.filter(invitation__in=mine)
    details = ("thread_id", "number", "type", "severity", "safeguarding", "proposed_change", "note_to_editor")
    answers = ChargeAnswer.objects.filter(invitation__in=mine).annotate(question_text=F("question__text"))
    answered = Disposition.objects.filter(proposed_by=user).values("outcome", "response", "status", "proposed_at")
    return [
        Records("reviews/invitations", asked.values("topic", "round_title", "email", "name", *fields)),
        Records(
            "reviews/declarations",
            declared.values("has_interests", "interests", "naming", "at_risk", "risk_note", "at"),
        ),
        Records("reviews/comments", said.values("thread_id", "at", "body", "withdrawn_at").iterator()),
        Records("reviews/threads", threads.values(*details)),
        Records("reviews/answers", answers.values("question_text", "value", "text", "at")),
        Records("reviews/marks", ReadingMark.objects.filter(invitation__in=mine).values("section_id", "at")),
        Records(
            "reviews/receipts", Receipt.objects.filter(invitation__in=mine).values("number", "at", "sha256", "copy")
        ),
        Records("reviews/dispositions", answered),
    ]


def briefs_of(user: Any) -> list[UUID]:
    mine = Q(user=user) | Q(email__iexact=user.email)
    return list(Invitation.objects.filter(mine).values_list("round__brief", flat=True).distinct())


def people() -> list[Any]:
    """Reviewers at work, and those whose reviews still say who they are."""
    return [Invitation.objects.filter(status__in=WORKING | FINISHED).values("user")]


def erase(leaving: Leaving) -> list[tuple[str, int]]:
    """Unfinished reviews are withdrawn, open invitations taken back; what was handed in stays under its code."""
    user = leaving.user
    mine = Q(user=user)
    for address in leaving.addresses:
        mine |= Q(email__iexact=address)
    invitations = list(Invitation.objects.select_for_update(of=("self",)).filter(mine).select_related("round"))
    for invitation in invitations:
        scope = invitation.round.brief_id
        if invitation.status in WORKING:
            move(INVITATION, invitation, "withdraw", actor=None, scope=scope)
        elif INVITATION.can(invitation.status, "cancel"):
            move(INVITATION, invitation, "cancel", actor=None, scope=scope)
    _blank(invitations)
    theirs = ReviewThread.objects.filter(invitation__in=invitations)
    # Nobody has seen a draft; a note was for one pair of eyes.
    Thread.every.filter(pk__in=list(theirs.filter(draft=True).values_list("pk", flat=True))).delete()
    theirs.update(note_to_editor="")
    words = replace_words(ReviewThread, ("proposed_change", "note_to_editor"), leaving)
    words += replace_words(Disposition, ("response", "return_reason"), leaving)
    words += replace_words(ChargeAnswer, ("text",), leaving)
    words += replace_words(Round, ("introduction", "topic", "title"), leaving)
    words += replace_words(Invitation, ("name", "organisation"), leaving)
    return [("invitations", len(invitations)), ("review", words)]

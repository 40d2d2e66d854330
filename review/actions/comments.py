"""What a reviewer writes: comments, replies, answers to the charge, marks."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brief import threads
from brief.models import Comment, Role, Section, Thread, VersionSection
from brief.states import Circle, RoleName
from ledger import mail
from ledger.actions import Done, action
from ledger.refusals import Hidden, NotNow
from ledger.transitions import move
from review.actions.reviewers import _mine, give_number
from review.models import ChargeAnswer, ChargeQuestion, Disposition, Invitation, ReadingMark, ReviewThread, Round
from review.numbers import paragraph_of
from review.permissions import clear_safeguarding as may_clear
from review.permissions import comment as may_comment
from review.permissions import invitation_of
from review.policies import check_may_withdraw_comment, check_may_write, check_still_mine, disposition_of
from review.states import DISPOSITION, INVITATION, DispositionState, InvitationState, Outcome
from review.visibility import check_sees

#: What a comment carries beside its words.
DETAILS = ("type", "severity", "safeguarding", "proposed_change", "note_to_editor")


def _writing(actor: Any, round: Round) -> Invitation:
    """The reviewer's row, locked, in an open round; the first act of a reviewer begins the review."""
    may_comment(actor, round)
    invitation = _mine(actor, round)
    check_may_write(invitation)
    if invitation.status == InvitationState.DECLARED:
        move(INVITATION, invitation, "begin", actor=actor, scope=round.brief_id)
    return invitation


@action("comment.added")
def add_comment(
    *,
    actor: Any,
    round: Round,
    body: str,
    section: Section | None = None,
    block: str = "",
    start: int = 0,
    end: int = 0,
    draft: bool = False,
    **details: Any,
) -> Done:
    """Comment on words (``start < end``), on a block, on a section, or on the whole. The value is the thread.

    ``details`` are those of ``DETAILS``. A draft is the reviewer's own until it is sent.
    """
    invitation = _writing(actor, round)
    _known(details)
    comment = threads.start(
        brief=round.brief,
        circle=Circle.ROUND,
        author=actor,
        body=body,
        section=section,
        version=round.version if section else None,
        block=block,
        start=start,
        end=end,
    )
    paragraph = paragraph_of(round.version, section.pk, block) if section else None
    review = ReviewThread.objects.create(
        thread=comment.thread, round=round, invitation=invitation, paragraph=paragraph, **details
    )
    if not draft:
        _send(review, invitation)
    return Done(subject=review, scope=round.brief_id, data={"draft": draft})


@action("comment.edited")
def edit_comment(*, actor: Any, thread: ReviewThread, body: str, send: bool = False, **details: Any) -> Done:
    """Rewrite a comment that nobody has been handed yet; ``send`` makes a draft a comment."""
    invitation = _writing(actor, thread.round)
    locked = _own(thread, invitation)
    check_still_mine(locked)
    _known(details)
    if not body.strip():
        raise NotNow(_("A comment needs words."), code="empty")
    words = locked.thread.comments.order_by("at", "pk")[0]
    words.body = body.strip()
    words.save(update_fields=["body"])
    for name, value in details.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(details))
    if send and locked.draft:
        _send(locked, invitation)
    elif locked.safeguarding and not locked.draft:
        _alert(locked)
    return Done(subject=locked, scope=thread.round.brief_id, data={"fields": sorted(details)})


@action("comment.sent")
def send_draft(*, actor: Any, thread: ReviewThread) -> Done:
    """Make a draft a comment."""
    invitation = _writing(actor, thread.round)
    locked = _own(thread, invitation)
    if not locked.draft:
        raise NotNow(_("This comment is no draft any more."), code="sent")
    _send(locked, invitation)
    return Done(subject=locked, scope=thread.round.brief_id)


@action("comment.discarded")
def discard_draft(*, actor: Any, thread: ReviewThread) -> Done:
    """Throw a draft away: nobody has seen it, nothing of it is kept."""
    invitation = _writing(actor, thread.round)
    locked = _own(thread, invitation)
    if not locked.draft:
        raise NotNow(_("This comment is no draft any more. Withdraw it instead."), code="sent")
    Thread.every.get(pk=locked.pk).delete()
    return Done(subject=invitation, value=invitation, scope=thread.round.brief_id)


@action("comment.withdrawn")
def withdraw_comment(*, actor: Any, thread: ReviewThread) -> Done:
    """Take a comment back, also after handing in. Its words are shown to nobody else any more."""
    found = invitation_of(actor, thread.round)
    if found is None:
        raise Hidden(_("You are not a reviewer of this round."))
    locked = _own(thread, _mine(actor, thread.round))
    check_may_withdraw_comment(locked)
    now = timezone.now()
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    Comment.objects.filter(thread_id=locked.pk, author=actor, withdrawn_at=None).update(withdrawn_at=now)
    if locked.handed_at:
        _settle_withdrawn(locked, actor, now)
    return Done(subject=locked, scope=thread.round.brief_id)


def _settle_withdrawn(thread: ReviewThread, actor: Any, now: Any) -> None:
    """A withdrawn comment has its disposition: *withdrawn by reviewer*, which needs nobody's confirmation."""
    fields = {"outcome": Outcome.WITHDRAWN, "response": "", "duplicate_of": None, "confirmed_at": now}
    disposition = disposition_of(thread)
    if disposition:
        scope = thread.round.brief_id
        move(DISPOSITION, disposition, "withdraw", actor=actor, scope=scope, set_fields=fields)
        return
    Disposition.objects.create(thread=thread, status=DispositionState.CONFIRMED, proposed_at=now, **fields)


@action("comment.replied")
def reply(*, actor: Any, thread: ReviewThread, body: str) -> Done:
    """Answer in a thread: its reviewer, the authors and the review editor; reviewers who may see it."""
    check_sees(actor, thread)
    locked = ReviewThread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    if locked.withdrawn_at:
        raise NotNow(_("This comment is withdrawn, and its conversation is over."), code="withdrawn")
    if locked.draft:
        raise NotNow(_("A draft has no replies: change its words instead."), code="draft")
    own = invitation_of(actor, thread.round)
    if own is not None and own.pk != locked.invitation_id:
        check_may_write(own)
    said = threads.reply(thread=thread.thread, author=actor, body=body)
    return Done(subject=said, scope=thread.round.brief_id)


@action("safeguarding.cleared")
def clear_safeguarding(*, actor: Any, thread: ReviewThread, reason: str) -> Done:
    """Say that what the flag was about has been dealt with, and how."""
    may_clear(actor, thread.round)
    locked = ReviewThread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    if not locked.safeguarding or locked.cleared_at:
        raise NotNow(_("There is no open safeguarding flag on this comment."), code="no_flag")
    if not reason.strip():
        raise NotNow(_("Say how it was dealt with: that is kept with the record."), code="reason")
    locked.cleared_at, locked.cleared_by = timezone.now(), actor
    locked.save(update_fields=["cleared_at", "cleared_by"])
    return Done(subject=locked, scope=thread.round.brief_id, reason=reason)


@action("charge.answered")
def answer_question(*, actor: Any, round: Round, question: ChargeQuestion, value: str, text: str) -> Done:
    """Answer one question of the charge; an empty answer takes it back."""
    invitation = _writing(actor, round)
    if question.round_id != round.pk:
        raise Hidden(_("There is no such question in this round."))
    rows = ChargeAnswer.objects.filter(invitation=invitation, question=question)
    if not value and not text.strip():
        rows.delete()
    else:
        ChargeAnswer.objects.update_or_create(
            invitation=invitation, question=question, defaults={"value": value, "text": text.strip()}
        )
    return Done(subject=question, scope=round.brief_id)


def mark_section(*, actor: Any, round: Round, section_id: Any, read: bool) -> None:
    """“I have read this section”. Not an action: the mark is the reviewer's own, and no event tells of it."""
    may_comment(actor, round)
    invitation = invitation_of(actor, round)
    assert invitation is not None
    check_may_write(invitation)
    frozen = VersionSection.objects.filter(version=round.version_id, section=section_id)
    if not frozen.exists():
        raise Hidden(_("There is no such section in this version."))
    if read:
        ReadingMark.objects.get_or_create(invitation=invitation, section_id=section_id)
    else:
        ReadingMark.objects.filter(invitation=invitation, section_id=section_id).delete()


def _known(details: dict[str, Any]) -> None:
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise ValueError(f"no such detail of a comment: {sorted(unknown)}")


def _own(thread: ReviewThread, invitation: Invitation) -> ReviewThread:
    """The thread, locked, if it is this reviewer's; otherwise it does not exist for them."""
    rows = ReviewThread.objects.select_for_update(of=("self",)).select_related("thread", "round")
    locked = rows.filter(pk=thread.pk, invitation=invitation).first()
    if locked is None:
        raise Hidden(_("There is no such comment of yours."))
    return locked


def _send(thread: ReviewThread, invitation: Invitation) -> None:
    give_number(thread, invitation)
    if thread.safeguarding:
        _alert(thread)


def _alert(thread: ReviewThread) -> None:
    """Tell the focal points at once; the mail says nothing of the comment."""
    for person in focal_points(thread.round):
        payload = {"thread": str(thread.pk), "user": str(person)}
        mail.post("safeguarding_alert", key=f"{thread.pk}:{person}", payload=payload, scope=thread.round.brief_id)


def focal_points(round: Round) -> list[Any]:
    """Ids of the safeguarding focal points, or of the review editors where there is none."""
    for role in (RoleName.SAFEGUARDING, RoleName.REVIEW_EDITOR):
        found = list(Role.objects.filter(brief=round.brief_id, role=role).values_list("user_id", flat=True))
        if found:
            return found
    return []

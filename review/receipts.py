"""The copy of everything a reviewer handed in, as the receipt keeps it."""

from __future__ import annotations

from typing import Any

from review.models import ChargeAnswer, Invitation, ReviewThread


def copy_of(invitation: Invitation) -> dict[str, Any]:
    """``{"reviewer", "round", "version", "comments": […], "answers": […]}``, plain values only."""
    round = invitation.round
    rows = ReviewThread.objects.filter(invitation=invitation, draft=False).order_by("number")
    threads = rows.select_related("thread__section", "thread__anchor").prefetch_related("thread__comments")
    answers = ChargeAnswer.objects.filter(invitation=invitation).select_related("question").order_by("question__order")
    return {
        "reviewer": invitation.code,
        "round": round.title,
        "version": round.version.number,
        "content_hash": round.version.content_hash,
        "comments": [_comment(thread, invitation) for thread in threads],
        "answers": [
            {"order": row.question.order, "question": row.question.text, "value": row.value, "text": row.text}
            for row in answers
        ],
    }


def _comment(thread: ReviewThread, invitation: Invitation) -> dict[str, Any]:
    anchor = getattr(thread.thread, "anchor", None)
    section = thread.thread.section
    said = [comment for comment in thread.thread.comments.all() if comment.author_id == invitation.user_id]
    return {
        "number": f"{invitation.code}-{thread.number}",
        "section": section.title if section else "",
        "paragraph": thread.paragraph,
        "quotation": anchor.quotation if anchor else "",
        "type": thread.type,
        "severity": thread.severity,
        "safeguarding": thread.safeguarding,
        "words": [comment.body for comment in said],
        "proposed_change": thread.proposed_change,
        "note_to_editor": thread.note_to_editor,
        "late": thread.late,
        "withdrawn": thread.withdrawn_at is not None,
    }

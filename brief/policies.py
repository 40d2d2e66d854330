"""Is it the time: what the state of a brief allows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from brief.models import Brief, Comment, Role
from brief.states import BriefState
from ledger.refusals import NotAllowed, NotNow
from ledger.slots import Slot


def check_open_to_edits(brief: Brief) -> None:
    """While a candidate is in clearance the brief is closed to edits (DECISIONS, Hashes)."""
    if brief.status == BriefState.CLEARANCE:
        raise NotNow(
            _("This brief is in clearance, so its text is closed. Reopening it voids every sign-off."),
            code="clearance",
        )
    if brief.status == BriefState.PUBLISHED:
        raise NotNow(_("This edition is published. Begin a new edition to change the text."), code="published")


def check_still_ones_own(user: Any, comment: Comment) -> None:
    """A comment is its author's to change until somebody answers or the thread is settled."""
    if comment.author_id is None or comment.author_id != user.pk:
        raise NotAllowed(_("Only who wrote a comment can change it or take it back."))
    if comment.thread.resolved_at:
        raise NotNow(_("This thread is settled. Take it up again to change what you said."), code="settled")
    later = comment.thread.comments.filter(withdrawn_at=None, at__gte=comment.at).exclude(pk=comment.pk)
    if comment.withdrawn_at or later.exists():
        raise NotNow(_("Somebody has answered this comment. Say in a reply what you would change."), code="answered")


#: (brief) → sentences that say why the next draft cannot freeze yet; ``review`` adds its own.
freeze_checks: Slot[str] = Slot("freeze checks")


def check_may_freeze(brief: Brief) -> None:
    """The next draft freezes only when what stands above says so: every thread answered."""
    check_open_to_edits(brief)
    for sentence in freeze_checks.collect(brief):
        raise NotNow(sentence, code="review")


#: (role) → sentences that say why it cannot be taken away now; ``release`` adds its own.
role_checks: Slot[str] = Slot("role checks")


def check_may_take(role: Role) -> None:
    """A role that something living rests on stays: the signature of an approver needs its approver."""
    for sentence in role_checks.collect(role):
        raise NotNow(sentence, code="role")

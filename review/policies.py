"""Is it the time: what the state of a round, an invitation and an answer allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brief.models import Brief
from ledger.refusals import NotNow
from review.models import Disposition, Invitation, ReviewThread, Round
from review.states import APART, WORKING, WRITING, DispositionState, InvitationState, RoundState, Severity

#: How long reviewers are given, unless the review editor says otherwise.
DEFAULT_PERIOD = timedelta(days=21)


def check_being_set_up(round: Round) -> None:
    """What reviewers agreed to is not changed under their hands."""
    if round.status != RoundState.DRAFT:
        raise NotNow(
            _("This round has been opened: its version, charge and policy stand. You can still move the deadline."),
            code="opened",
        )


def check_may_open(round: Round) -> None:
    check_being_set_up(round)
    if round.deadline <= timezone.now():
        raise NotNow(_("The deadline is past. Choose a later one, then open the round."), code="deadline")
    if not round.questions.exists():
        raise NotNow(_("The charge has no question yet. Ask reviewers at least one."), code="charge")


def check_open(round: Round) -> None:
    if round.status == RoundState.DRAFT:
        raise NotNow(_("This round is not open yet."), code="draft")
    if round.status == RoundState.CLOSED:
        raise NotNow(_("This round is closed. Its comments are with the authors now."), code="closed")


def check_not_closed(round: Round) -> None:
    if round.status == RoundState.CLOSED:
        raise NotNow(_("This round is closed, so nobody can be invited to it any more."), code="closed")


def check_may_write(invitation: Invitation) -> None:
    """Comments, marks and answers need an open round and a reviewer who has not submitted."""
    check_open(invitation.round)
    if invitation.status not in WRITING:
        raise NotNow(_("You have handed in your review. Take it up again to change it."), code=str(invitation.status))


def check_may_withdraw_comment(thread: ReviewThread) -> None:
    if thread.withdrawn_at:
        raise NotNow(_("This comment is withdrawn already."), code="withdrawn")
    if thread.draft:
        raise NotNow(_("A draft is discarded, not withdrawn: nobody has seen it."), code="draft")


def check_still_mine(thread: ReviewThread) -> None:
    """Until it is handed over, a comment may be rewritten."""
    if thread.handed_at:
        raise NotNow(_("This comment is with the authors. Reply to it, or withdraw it."), code="handed")
    if thread.withdrawn_at:
        raise NotNow(_("This comment is withdrawn."), code="withdrawn")


def check_may_answer(thread: ReviewThread) -> None:
    if not thread.handed_at:
        raise NotNow(_("This comment has not been handed over yet."), code="not_handed")
    if thread.withdrawn_at:
        raise NotNow(_("The reviewer withdrew this comment: no answer is needed."), code="withdrawn")
    disposition = disposition_of(thread)
    if disposition and disposition.status == DispositionState.CONFIRMED:
        raise NotNow(_("This answer is confirmed. Ask the review editor to return it first."), code="confirmed")


def check_may_confirm(user: Any, disposition: Disposition) -> None:
    if disposition.status != DispositionState.PROPOSED:
        raise NotNow(_("There is no proposed answer to confirm."), code=str(disposition.status))
    if disposition.proposed_by_id == user.pk:
        raise NotNow(_("Whoever proposes an answer does not confirm it. Ask another review editor."), code="own")


def check_may_apply(thread: ReviewThread) -> None:
    check_may_answer(thread)
    if not thread.proposed_change:
        raise NotNow(_("The reviewer proposed no replacement text."), code="no_change")
    disposition = disposition_of(thread)
    if disposition and disposition.applied_version is not None:
        raise NotNow(_("The proposed change is in the text already."), code="applied")


def is_late(invitation: Invitation) -> bool:
    return timezone.now() > invitation.deadline


def disposition_of(thread: ReviewThread) -> Disposition | None:
    """The thread's answer, or None; uses what ``select_related`` brought."""
    try:
        found: Disposition = thread.disposition
    except Disposition.DoesNotExist:
        return None
    return found


# --- what is still open ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Matter:
    """One thing that stands in the way, with the way there. ``kind`` is for programs."""

    kind: str
    count: int
    sentence: str
    url: str
    round_id: Any = None


def counted(brief: Brief) -> QuerySet[ReviewThread]:
    """Comments that need an answer, now or when they are handed over."""
    return heard().filter(round__brief=brief)


def heard() -> QuerySet[ReviewThread]:
    """The same of every brief."""
    return ReviewThread.objects.filter(draft=False, withdrawn_at=None).exclude(invitation__status__in=APART)


UNANSWERED = Q(disposition__isnull=True) | Q(disposition__status=DispositionState.RETURNED)
UNCONFIRMED = Q(disposition__status=DispositionState.PROPOSED)
UNSETTLED = ~Q(disposition__status=DispositionState.CONFIRMED) | Q(disposition__isnull=True)


def open_matters(brief: Brief) -> list[Matter]:
    """What of its review a brief has not settled: for release's gates and for the next freeze.

    Kinds: ``open_round``, ``open_thread``, ``unconfirmed``, ``critical``, ``safeguarding``. Empty
    when everything is settled.
    """
    matters: list[Matter] = []
    for round in Round.objects.filter(brief=brief).order_by("number"):
        matters += _of_round(round, counted(brief).filter(round=round))
    return matters


def _of_round(round: Round, threads: QuerySet[ReviewThread]) -> list[Matter]:
    answers = reverse("review:answers", args=[round.pk])
    found: list[Matter] = []
    if round.status == RoundState.OPEN:
        sentence = _("%(round)s is still open.") % {"round": round.title}
        found.append(Matter("open_round", 1, sentence, reverse("review:manage", args=[round.pk]), round.pk))
    for kind, rows, words, query in (
        ("open_thread", threads.filter(UNANSWERED), _open_words, "?show=open"),
        ("unconfirmed", threads.filter(UNCONFIRMED), _unconfirmed_words, "?show=proposed"),
        ("critical", threads.filter(UNSETTLED, severity=Severity.CRITICAL), _critical_words, "?show=critical"),
        ("safeguarding", threads.filter(safeguarding=True, cleared_at=None), _flag_words, "?show=safeguarding"),
    ):
        count = rows.count()
        if count:
            found.append(Matter(kind, count, words(count, round.title), answers + query, round.pk))
    return found


def _open_words(count: int, title: str) -> str:
    return ngettext("%(title)s: one comment has no answer.", "%(title)s: %(count)d comments have no answer.", count) % {
        "title": title,
        "count": count,
    }


def _unconfirmed_words(count: int, title: str) -> str:
    return ngettext(
        "%(title)s: one answer is not confirmed.", "%(title)s: %(count)d answers are not confirmed.", count
    ) % {"title": title, "count": count}


def _critical_words(count: int, title: str) -> str:
    return ngettext(
        "%(title)s: one critical comment is not settled.",
        "%(title)s: %(count)d critical comments are not settled.",
        count,
    ) % {"title": title, "count": count}


def _flag_words(count: int, title: str) -> str:
    return ngettext(
        "%(title)s: one safeguarding flag is not cleared.",
        "%(title)s: %(count)d safeguarding flags are not cleared.",
        count,
    ) % {"title": title, "count": count}


def freeze_sentences(brief: Brief) -> list[str]:
    """Why the next draft cannot freeze yet: comments of closed rounds without a confirmed answer."""
    return [matter.sentence for matter in open_matters(brief) if matter.kind in ("open_thread", "unconfirmed")]


def waiting(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Those who were asked or said yes, and have not finished."""
    return invitations.filter(status__in=WORKING | {InvitationState.INVITED})

"""Setting up, opening and closing a round."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from brief.models import Brief, Role, Version
from brief.permissions import AUTHORS
from brief.states import RoleName
from ledger import jobs, mail
from ledger.actions import Done, action
from ledger.refusals import NotNow
from ledger.transitions import move
from review import undertakings
from review.deadlines import instant, next_morning
from review.models import ChargeQuestion, Invitation, ReviewThread, Round
from review.permissions import manage, set_up
from review.policies import check_being_set_up, check_may_open
from review.states import APART, INVITATION, ROUND, InvitationState, QuestionKind, UndertakingKind

#: How long before the deadline reviewers are reminded.
REMIND_BEFORE = timedelta(days=3)
#: What the set-up page may say; the rest follows.
EDITABLE = frozenset(
    (
        *("version", "title", "topic", "introduction", "deadline_date", "deadline_time", "deadline_zone"),
        *("accepts_late", "authors_see", "peers_see", "attribution", "after_publication"),
    )
)


@action("round.created")
def create_round(*, actor: Any, brief: Brief, questions: Iterable[dict[str, Any]] = (), **fields: Any) -> Done:
    """Set up a round. ``fields`` are those of ``EDITABLE``; questions have text, kind and section.

    Raises ValidationError for a deadline that clocks never show, or show twice.
    """
    set_up(actor, brief)
    locked = Brief.objects.select_for_update().get(pk=brief.pk)
    last = Round.objects.filter(brief=locked).aggregate(last=Max("number"))["last"] or 0
    round = Round(brief=brief, number=last + 1)
    round.interests_text = undertakings.current(UndertakingKind.INTERESTS)
    round.confidentiality_text = undertakings.current(UndertakingKind.CONFIDENTIALITY)
    _fill(round, fields)
    round.save()
    _ask(round, questions)
    return Done(subject=round, scope=brief.pk, data={"number": round.number, "version": str(round.version_id)})


@action("round.edited")
def edit_round(*, actor: Any, round: Round, questions: Iterable[dict[str, Any]] | None = None, **fields: Any) -> Done:
    """Change a round that is not open yet; ``questions`` replace the charge."""
    manage(actor, round)
    locked = _locked(round)
    check_being_set_up(locked)
    _fill(locked, fields)
    locked.save()
    if questions is not None:
        locked.questions.all().delete()
        _ask(locked, questions)
    return Done(subject=locked, scope=locked.brief_id, data={"fields": sorted(fields)})


@action("round.deadline")
def move_deadline(*, actor: Any, round: Round, day: date, clock: time, zone: str) -> Done:
    """Move the deadline of a round that is set up or open."""
    manage(actor, round)
    locked = _locked(round)
    if locked.is_closed:
        raise NotNow(_("This round is closed. Reopen it to set another deadline."), code="closed")
    moment = instant(day, clock, zone)
    if moment <= timezone.now():
        raise NotNow(_("That moment is past. Choose a later one."), code="past")
    locked.deadline_date, locked.deadline_time, locked.deadline_zone = day, clock, zone
    locked.deadline = moment
    locked.save(update_fields=["deadline_date", "deadline_time", "deadline_zone", "deadline"])
    if locked.is_open:
        plan(locked)
    return Done(subject=locked, scope=locked.brief_id)


@action("round.opened")
def open_round(*, actor: Any, round: Round) -> Done:
    """Open the round and send the invitations that wait."""
    manage(actor, round)
    check_may_open(_locked(round))
    opened = move(ROUND, round, "open", actor=actor, scope=round.brief_id, set_fields={"opened_at": timezone.now()})
    waiting = Invitation.objects.filter(round=opened, status=InvitationState.DRAFT)
    for invitation in waiting:
        ask(invitation, actor=actor, name="send")
    plan(opened)
    tell_staff(opened, "round_opened", key=str(opened.pk))
    return Done(subject=opened, value=round, scope=opened.brief_id, data={"sent": len(waiting)})


@action("round.closed")
def close_round(*, actor: Any, round: Round, reason: str = "") -> Done:
    """Close the round: what reviewers have added goes to the authors; drafts stay the reviewers' own.

    ``actor`` is None when the deadline closes it.
    """
    if actor is not None:
        manage(actor, round)
    _locked(round)
    # A comment locks its reviewer's row: none can slip in between handing over and closing.
    invitations = list(Invitation.objects.select_for_update().filter(round=round))
    now = timezone.now()
    move(ROUND, round, "close", actor=actor, scope=round.brief_id, reason=reason, set_fields={"closed_at": now})
    handed = hand_over(ReviewThread.objects.filter(round=round).exclude(invitation__status__in=APART))
    for invitation in invitations:
        if invitation.status == InvitationState.INVITED:
            move(INVITATION, invitation, "expire", actor=None, scope=round.brief_id)
    if handed:
        tell_staff(round, "comments_handed_over", key=f"{round.pk}:{int(now.timestamp())}")
    return Done(subject=round, scope=round.brief_id, reason=reason, data={"handed": handed})


@action("round.reopened")
def reopen_round(*, actor: Any, round: Round, day: date, clock: time, zone: str) -> Done:
    """Open a closed round again, with a new deadline."""
    manage(actor, round)
    moment = instant(day, clock, zone)
    if moment <= timezone.now():
        raise NotNow(_("That moment is past. Choose a later one."), code="past")
    fields = {
        "closed_at": None,
        "deadline_date": day,
        "deadline_time": clock,
        "deadline_zone": zone,
        "deadline": moment,
    }
    reopened = move(ROUND, round, "reopen", actor=actor, scope=round.brief_id, set_fields=fields)
    plan(reopened)
    return Done(subject=reopened, value=round, scope=round.brief_id)


def hand_over(threads: Any) -> int:
    """Let the authors see these comments; how many are new to them."""
    count: int = threads.filter(draft=False, handed_at=None, withdrawn_at=None).update(handed_at=timezone.now())
    return count


def tell_staff(round: Round, name: str, *, key: str, due_at: datetime | None = None) -> None:
    """One mail to each author and review editor of the brief."""
    wanted = AUTHORS | {RoleName.REVIEW_EDITOR}
    people = Role.objects.filter(brief=round.brief_id, role__in=wanted).values_list("user_id", flat=True)
    for person in sorted(set(people)):
        payload = {"round": str(round.pk), "user": str(person)}
        mail.post(name, key=f"{key}:{person}", payload=payload, scope=round.brief_id, due_at=due_at)


def tell_of_the_day(round: Round) -> None:
    """That comments were handed in, once a day for all reviewers: a mail at once would tell when one of them acted."""
    morning = next_morning(timezone.now(), round.deadline_zone)
    tell_staff(round, "comments_handed_over", key=f"{round.pk}:{morning:%Y%m%d}", due_at=morning)


def plan(round: Round) -> None:
    """Ask for the reminder and for what the deadline brings; earlier plans find themselves outdated."""
    stamp = f"{round.deadline:%Y%m%dT%H%M%S}"
    payload = {"round": str(round.pk), "deadline": round.deadline.isoformat()}
    for kind, due_at in (("review.remind", round.deadline - REMIND_BEFORE), ("review.deadline", round.deadline)):
        if due_at > timezone.now():
            key = f"{kind}:{round.pk}:{stamp}"
            jobs.enqueue(kind, key=key, payload=payload, due_at=due_at, scope=round.brief_id)


def ask(invitation: Invitation, *, actor: Any, name: str) -> None:
    """Move an invitation to *invited* and ask for its mail; earlier links are void from now on."""
    fields = {
        "sendings": invitation.sendings + 1,
        "invited_at": timezone.now(),
        "secret_hash": "",
        "secret_expires_at": None,
    }
    scope = invitation.round.brief_id
    move(INVITATION, invitation, name, actor=actor, scope=scope, set_fields=fields)
    payload = {"invitation": str(invitation.pk), "sending": invitation.sendings}
    mail.post("invitation", key=f"{invitation.pk}:{invitation.sendings}", payload=payload, scope=scope)


def _locked(round: Round) -> Round:
    return Round.objects.select_for_update().get(pk=round.pk)


def _fill(round: Round, fields: dict[str, Any]) -> None:
    unknown = set(fields) - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    version: Version | None = fields.get("version")
    if version is not None and version.brief_id != round.brief_id:
        raise ValueError("this version is of another brief")
    for name, value in fields.items():
        setattr(round, name, value)
    round.deadline = instant(round.deadline_date, round.deadline_time, round.deadline_zone)


def _ask(round: Round, questions: Iterable[dict[str, Any]]) -> None:
    """Store the charge; a question about a section needs one that the version holds."""
    held = set(round.version.sections.values_list("section_id", flat=True))
    rows = []
    for order, question in enumerate(questions, start=1):
        section = question.get("section")
        if section is not None and section.pk not in held:
            raise NotNow(_("A question is about a section that this version does not hold."), code="section")
        kind = question.get("kind") or QuestionKind.SCALE
        rows.append(ChargeQuestion(round=round, order=order, text=question["text"].strip(), kind=kind, section=section))
    ChargeQuestion.objects.bulk_create(rows)

"""What a review puts on lower pages: the desk, a brief's own page, the writing room."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, QuerySet, UUIDField
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brief.models import Brief, Role, Section
from brief.permissions import AUTHORS, is_author, is_review_editor
from brief.states import RoleName
from ledger.prepared import Hole, PreparedRows
from ledger.slots import DeskItem, Link, Panel
from review.models import Invitation, ReviewThread, Round
from review.policies import UNANSWERED, UNCONFIRMED
from review.states import APART, FINISHED, WORKING, InvitationState, RoundState


def items(user: Any) -> list[DeskItem]:
    """Reviews to give, comments to answer, answers to confirm, invitations that are late; reviews given."""
    return [*_reviews(user), *_answers(user), *_editing(user), *_given(user)]


def _given(user: Any) -> list[DeskItem]:
    """The way back to one's own comments and what became of them, as long as the account is there."""
    rows = Invitation.objects.filter(user=user, status__in=FINISHED).select_related("round")
    return [
        DeskItem(
            title=row.round.topic,
            url=reverse("review:outcome", args=[row.round_id]),
            detail=_("%(round)s · what happened to your comments") % {"round": row.round.title},
            kind="given",
        )
        for row in rows.order_by("-round__deadline")[:20]
    ]


def _reviews(user: Any) -> list[DeskItem]:
    rows = Invitation.objects.filter(user=user, status__in=WORKING, round__status=RoundState.OPEN)
    found = []
    for row in rows.select_related("round"):
        declared = row.status != InvitationState.ACCEPTED
        found.append(
            DeskItem(
                title=row.round.topic,
                url=reverse("review:room", args=[row.round_id]),
                action=_("Go on with the review") if declared else _("Make your declarations"),
                detail=_("%(round)s · you are %(pseudonym)s") % {"round": row.round.title, "pseudonym": row.pseudonym},
                deadline=row.deadline,
                zone=row.round.deadline_zone,
                kind="review",
            )
        )
    return found


def _briefs(user: Any, roles: Any) -> list[Any]:
    return list(Role.objects.filter(user=user, role__in=roles).values_list("brief_id", flat=True).distinct())


def _counted(user: Any, roles: Any, condition: Q) -> list[tuple[Round, int]]:
    """Rounds with how many of their comments, as handed over, fulfil the condition. Three queries."""
    rows = ReviewThread.objects.filter(condition, handed_at__isnull=False, withdrawn_at=None)
    own = rows.filter(round__brief__in=_briefs(user, roles)).exclude(invitation__status__in=APART)
    counts = dict(own.order_by().values_list("round").annotate(number=Count("pk")))
    rounds = Round.objects.filter(pk__in=counts).select_related("brief").order_by("deadline")
    return [(round, counts[round.pk]) for round in rounds]


def _answers(user: Any) -> list[DeskItem]:
    return [
        DeskItem(
            title=round.brief.title,
            url=reverse("review:answers", args=[round.pk]) + "?show=open",
            action=ngettext("Answer one comment", "Answer %(count)d comments", count) % {"count": count},
            detail=round.title,
            kind="answer",
        )
        for round, count in _counted(user, AUTHORS, UNANSWERED)
    ]


def _editing(user: Any) -> list[DeskItem]:
    found = [
        DeskItem(
            title=round.brief.title,
            url=reverse("review:answers", args=[round.pk]) + "?show=proposed",
            action=ngettext("Confirm one answer", "Confirm %(count)d answers", count) % {"count": count},
            detail=round.title,
            kind="confirm",
        )
        for round, count in _counted(user, [RoleName.REVIEW_EDITOR], UNCONFIRMED)
    ]
    return found + _overdue(user)


def _overdue(user: Any) -> list[DeskItem]:
    due = Coalesce("invitations__extended_to", F("deadline"))
    rows = Round.objects.filter(brief__in=_briefs(user, [RoleName.REVIEW_EDITOR]), status=RoundState.OPEN)
    late = rows.annotate(due=due).filter(invitations__status__in=WORKING, due__lt=timezone.now())
    counted: dict[Any, tuple[Round, int]] = {}
    for round in late.select_related("brief"):
        counted[round.pk] = (round, counted.get(round.pk, (round, 0))[1] + 1)
    return [
        DeskItem(
            title=round.brief.title,
            url=reverse("review:manage", args=[round.pk]),
            action=ngettext("Look after one overdue review", "Look after %(count)d overdue reviews", count)
            % {"count": count},
            detail=round.title,
            deadline=round.deadline,
            zone=round.deadline_zone,
            kind="overdue",
        )
        for round, count in counted.values()
    ]


def _rounds(user: Any, brief: Brief) -> list[Round]:
    """The brief's rounds, for those who answer or run them."""
    if not (is_author(user, brief) or is_review_editor(user, brief)):
        return []
    rows = list(Round.objects.filter(brief=brief).select_related("version").order_by("number"))
    return rows if is_review_editor(user, brief) else [row for row in rows if row.status != RoundState.DRAFT]


def links(user: Any, brief: Brief) -> list[Link]:
    """One entry per round beside *Write*, the newest first: it is the one under way."""
    editor = is_review_editor(user, brief)
    name = "review:manage" if editor else "review:answers"
    rounds = sorted(_rounds(user, brief), key=lambda round: -round.number)
    return [
        Link(label=round.title, url=reverse(name, args=[round.pk]), order=200 + place)
        for place, round in enumerate(rounds)
    ]


def panels(user: Any, brief: Brief) -> list[Panel]:
    """The rounds of a brief on its own page, and for the review editor the way to a new one."""
    editor = is_review_editor(user, brief)
    rounds = _rounds(user, brief)
    if not rounds and not editor:
        return []
    context = {"rounds": rounds, "editor": editor, "brief": brief, "has_version": brief.versions.exists()}
    return [Panel(title=_("Rounds of review"), template="review/panel.html", context=context, order=200)]


def comments_on_section(user: Any, section: Section) -> list[Panel]:
    """Reviewers' comments on a section that wait for an answer, in the writing room."""
    if not is_author(user, section.brief):
        return []
    found = _waiting_in(section=section.pk)
    if not found:
        return []
    return [
        Panel(
            title=_("Reviewers' comments"), template="review/section_panel.html", context={"threads": found}, order=300
        )
    ]


def _of_section() -> QuerySet[ReviewThread]:
    rows = ReviewThread.objects.filter(
        UNANSWERED, thread__section_id=Hole("section", UUIDField()), handed_at__isnull=False, withdrawn_at=None
    )
    waiting = rows.exclude(invitation__status__in=APART).select_related("invitation", "thread__anchor")
    # Only what the panel shows: this is asked at every opening of a text.
    shown = ("round", "number", "severity", "invitation__code", "thread__anchor__block", "thread__anchor__quotation")
    return waiting.only(*shown).order_by("paragraph", "thread_id")[:50]


_waiting_in = PreparedRows(_of_section)

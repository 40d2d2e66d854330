"""Who may do what in a round. Subjects are rounds; a stranger to one is told nothing of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from brief.permissions import holds, is_author, is_review_editor, takes_part
from brief.states import RoleName
from ledger.permits import Permits, Predicate, either
from review.models import Invitation, Round
from review.states import FINISHED, READING, WORKING, WRITING


def invitation_of(user: Any, round: Round) -> Invitation | None:
    """This person's living invitation, asked once per round object and person."""
    known: dict[Any, Invitation | None] = round.__dict__.setdefault("_invitation_of", {})
    if user.pk not in known:
        rows = Invitation.objects.filter(round=round, user_id=user.pk, status__in=WORKING | FINISHED)
        found = rows.select_related("declaration").first() if user.pk else None
        if found:
            found.round = round
        known[user.pk] = found
    return known[user.pk]


def on_brief(predicate: Predicate) -> Predicate:
    """A predicate about the round's brief."""
    return lambda user, round: predicate(user, round.brief)


def invited_as(states: frozenset[str] | frozenset[Any]) -> Predicate:
    """The person's invitation is in one of these states."""

    def may(user: Any, round: Round) -> bool:
        invitation = invitation_of(user, round)
        return invitation is not None and invitation.status in states

    return may


is_editor = on_brief(is_review_editor)
is_round_author = on_brief(is_author)
is_safeguarding = on_brief(holds(RoleName.SAFEGUARDING))
is_reviewer = invited_as(WORKING | FINISHED)

PERMISSIONS = Permits("review", sees=either(on_brief(takes_part), is_reviewer))

set_up = PERMISSIONS.rule(
    "set up a round",
    is_review_editor,
    sees=takes_part,
    doc="The review editor of the brief.",
    refuse=_("Only the review editor sets up rounds of review."),
)
manage = PERMISSIONS.rule(
    "manage a round",
    is_editor,
    doc="The review editor: invite, extend, exclude, open, close.",
    refuse=_("Only the review editor manages this round."),
)
declare = PERMISSIONS.rule(
    "declare",
    is_reviewer,
    doc="A reviewer who accepted, before any text is shown.",
    refuse=_("Only the reviewers of this round make declarations."),
)
read = PERMISSIONS.rule(
    "read in the reading room",
    either(invited_as(READING), is_editor),
    doc="Reviewers who accepted and declared; the review editor, to see what they see.",
    refuse=_("The text is shown after you have accepted and made your declarations."),
)
comment = PERMISSIONS.rule(
    "comment",
    invited_as(WRITING),
    doc="Reviewers of this round from their declaration until they submit.",
    refuse=_("Only reviewers who have not handed in add to a review. Take yours up again while the round is open."),
)
own_review = PERMISSIONS.rule(
    "see and change one's own review",
    invited_as(READING),
    doc="The reviewer: own comments, receipt, how to be named.",
    refuse=_("This page belongs to the round's reviewers."),
)
read_answers = PERMISSIONS.rule(
    "read the comments handed over",
    either(is_round_author, is_editor, is_safeguarding),
    doc="Authors, the review editor; the safeguarding focal point, for flagged comments.",
    refuse=_("Comments are read by the authors and the review editor of this brief."),
)
answer = PERMISSIONS.rule(
    "propose a disposition",
    is_round_author,
    doc="Lead and contributing authors.",
    refuse=_("Only authors of this brief answer comments."),
)
confirm = PERMISSIONS.rule(
    "confirm or return a disposition",
    is_editor,
    doc="The review editor, never the one who proposed it.",
    refuse=_("Only the review editor confirms dispositions."),
)
clear_safeguarding = PERMISSIONS.rule(
    "clear a safeguarding flag",
    either(is_safeguarding, is_editor),
    doc="The safeguarding focal point or the review editor.",
    refuse=_("Only the safeguarding focal point and the review editor clear these flags."),
)

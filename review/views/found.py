"""What every page of a round does first: find it, and know who looks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, UUIDField
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from ledger.prepared import Hole, PreparedRows
from ledger.refusals import Hidden
from review import reading
from review.models import Invitation, ReadingMark, Round
from review.permissions import invitation_of
from review.visibility import Viewer, threads


def round_for(user: Any, pk: UUID) -> Round:
    """The round with its brief and version. Whether this person may know of it, a permit says next."""
    for found in _round(pk=pk):
        return found
    raise Http404


def _with_version() -> QuerySet[Round]:
    return Round.objects.filter(pk=Hole("pk", UUIDField())).select_related("brief", "version").order_by()


_round = PreparedRows(_with_version)


def mine(request: HttpRequest, round: Round) -> Invitation:
    """The reviewer's own invitation; for others there is no such page."""
    found = invitation_of(request.user, round)
    if found is None:
        raise Hidden(_("You are not a reviewer of this round."))
    return found


def desk_of(viewer: Viewer) -> dict[str, Any]:
    """What the bar and the outline of the reading room show, in three queries."""
    counts = dict(
        threads(viewer).filter(withdrawn_at=None).order_by().values_list("thread__section").annotate(n=Count("pk"))
    )
    invitation = viewer.invitation
    marks: set[Any] = set()
    own = {"total": 0, "drafts": 0}
    if invitation:
        marks = set(ReadingMark.objects.filter(invitation=invitation).values_list("section_id", flat=True))
        own = invitation.threads.filter(withdrawn_at=None).aggregate(
            total=Count("pk"), drafts=Count("pk", filter=Q(draft=True))
        )
    texts = reading.sections(viewer.round)
    outline = [
        {
            "id": each.id,
            "title": each.title,
            "depth": each.depth,
            "count": counts.get(UUID(each.id), 0),
            "read": UUID(each.id) in marks,
        }
        for each in texts
    ]
    return {
        "round": viewer.round,
        "viewer": viewer,
        "invitation": invitation,
        "outline": outline,
        "read": sum(1 for row in outline if row["read"]),
        "total": len(outline),
        "own": own,
    }

"""Gates about the review: nothing open, everything confirmed. What is open, ``review`` says."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import ngettext

from brief.models import Section, Thread
from release.gates.base import SPOTS, Checked, Found, Spot
from review.policies import Matter


def rounds_closed(checked: Checked) -> Found:
    """No review round is open."""
    return _found(checked.matters("open_round"))


def threads_closed(checked: Checked) -> Found:
    """No thread is open: the authors' are resolved, each reviewer's comment has an answer."""
    reviewers = _found(checked.matters("open_thread"))
    authors = Thread.objects.filter(brief=checked.brief, resolved_at__isnull=True)
    count = authors.count()
    if not count:
        return reviewers
    own = ngettext(
        "%(count)d thread among the authors is open.", "%(count)d threads among the authors are open.", count
    ) % {"count": count}
    sections = Section.objects.filter(pk__in=authors.values("section")).order_by("order")[:SPOTS]
    spots = [Spot(each.title, reverse("brief:section", args=[checked.brief.pk, each.pk])) for each in sections]
    return Found(f"{own} {reviewers.problem}".strip(), [*spots, *reviewers.spots][:SPOTS])


def dispositions_confirmed(checked: Checked) -> Found:
    """The review editor has confirmed every disposition."""
    return _found(checked.matters("unconfirmed"))


def matters_closed(checked: Checked) -> Found:
    """No critical comment without a confirmed disposition; no safeguarding flag that nobody cleared."""
    return _found(checked.matters("critical", "safeguarding"))


def _found(matters: Iterable[Matter]) -> Found:
    rows = list(matters)
    return Found(" ".join(row.sentence for row in rows), [Spot(row.sentence, row.url) for row in rows][:SPOTS])

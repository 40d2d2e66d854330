"""Shortcuts for the tests of a review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from review import actions
from review.models import Invitation, ReviewThread, Round
from tests.cast import Cast

Comment = Callable[..., ReviewThread]


@pytest.fixture
def comment(cast: Cast) -> Comment:
    """``comment(body, draft=…, start=…, end=…)``: by the reviewer, on the first paragraph unless told."""

    def add(body: str = "Please give a source.", **fields: Any) -> ReviewThread:
        assert cast.invitation
        place = {"section": cast.section, "block": "recruit00001", "start": 0, "end": 10}
        thread: ReviewThread = actions.add_comment(
            actor=cast.reviewer, round=fresh(cast.round), body=body, **(place | fields)
        )
        return thread

    return add


@pytest.fixture
def handed(cast: Cast, comment: Comment) -> Comment:
    """Like ``comment``, and the review is handed in, so that the authors see it."""

    def add(body: str = "Please give a source.", **fields: Any) -> ReviewThread:
        thread = comment(body, **fields)
        actions.submit(actor=cast.reviewer, round=fresh(cast.round))
        return reload(thread)

    return add


def fresh(round: Round) -> Round:
    """The round as a new request reads it, with nothing remembered."""
    return Round.objects.select_related("brief", "version").get(pk=round.pk)


def reload(thread: ReviewThread) -> ReviewThread:
    rows = ReviewThread.objects.select_related("round__brief", "invitation", "thread")
    return rows.get(pk=thread.pk)


def set_deadline(round: Round, **ahead: float) -> None:
    """Put the deadline this far from now, whatever the wall clock says."""
    Round.objects.filter(pk=round.pk).update(deadline=timezone.now() + timedelta(**ahead))


def state(invitation: Invitation) -> str:
    return Invitation.objects.get(pk=invitation.pk).status

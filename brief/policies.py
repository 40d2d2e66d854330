"""Is it the time: what the state of a brief allows."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brief.models import Brief
from brief.states import BriefState
from ledger.refusals import NotNow


def check_open_to_edits(brief: Brief) -> None:
    """While a candidate is in clearance the brief is closed to edits (DECISIONS, Hashes)."""
    if brief.status == BriefState.CLEARANCE:
        raise NotNow(
            _("This brief is in clearance, so its text is closed. Reopening it voids every sign-off."),
            code="clearance",
        )
    if brief.status == BriefState.PUBLISHED:
        raise NotNow(_("This edition is published. Begin a new edition to change the text."), code="published")

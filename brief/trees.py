"""The outline as pages show it: each section with who, how far, and how many comments are open. Two queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from brief import permissions
from brief.models import Brief, Section
from brief.states import Right
from brief.visibility import threads_for


@dataclass(frozen=True)
class Row:
    """A section in the outline. ``open`` counts comments among authors; None for who may not know."""

    section: Section
    open: int | None
    #: Out of 100, of the words it should have; 0 when nobody said.
    percent: int
    #: What this person may do with it, when that is not to edit.
    only: str
    at_work: Any


def rows(user: Any, brief: Brief, sections: list[Section]) -> list[Row]:
    """``sections`` in their order, as this person sees them."""
    counts = _open(user, brief)
    author = permissions.is_author(user, brief)
    # Who is at work is presence: nobody hears of it who does not read the draft.
    reads = permissions.is_inner(user, brief)
    own = permissions.own_rights(user, brief) if author else {}
    return [
        Row(
            section,
            counts.get(section.pk, 0) if author else None,
            min(100, round(100 * section.words / section.target_words)) if section.target_words else 0,
            _only(user, section, own) if author else "",
            section.at_work if reads else None,
        )
        for section in sections
    ]


def _open(user: Any, brief: Brief) -> dict[UUID, int]:
    found = threads_for(user, brief).select_related(None).filter(resolved_at=None, section__isnull=False)
    return dict(found.order_by().values_list("section").annotate(number=Count("pk")))


def _only(user: Any, section: Section, own: dict[UUID, str]) -> str:
    permissions.remember_right(user, section, own.get(section.pk))
    right = permissions.right_on(user, section)
    return "" if right == Right.EDIT else str(right.label)

"""The outline as pages show it: each section with who, how far, and how many comments are open. Two queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, UUIDField

from brief import permissions
from brief.models import Brief, Section, Thread
from brief.states import Right
from ledger.prepared import Hole, Prepared
from ledger.refusals import allowed


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
    if not allowed(permissions.talk, user, brief):
        return {}
    return dict(_counted(brief=brief.pk))


def _by_section() -> QuerySet[Any, tuple[Any, ...]]:
    open_ones = Thread.objects.filter(brief_id=Hole("brief", UUIDField()), resolved_at=None, section__isnull=False)
    return open_ones.order_by().values_list("section_id").annotate(number=Count("pk"))


_counted = Prepared(_by_section)


def _only(user: Any, section: Section, own: dict[UUID, str]) -> str:
    permissions.remember_right(user, section, own.get(section.pk))
    right = permissions.right_on(user, section)
    return "" if right == Right.EDIT else str(right.label)

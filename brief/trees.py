"""The outline as pages show it: each section with who, how far, and how many comments are open. Two queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from brief import permissions
from brief.models import Brief, Section
from brief.states import Right
from brief.visibility import open_threads


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
    counts = open_threads(user, brief)
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


def _only(user: Any, section: Section, own: dict[UUID, str]) -> str:
    permissions.remember_right(user, section, own.get(section.pk))
    right = permissions.right_on(user, section)
    return "" if right == Right.EDIT else str(right.label)

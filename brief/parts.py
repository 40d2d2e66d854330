"""What people are in the briefs, for those floors below that may not know roles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists

from brief.models import Role
from brief.states import RoleName

#: They see who a reviewer is or sign, hence sign in with a second factor (TRUST 9).
GUARDED = (RoleName.REVIEW_EDITOR, RoleName.SAFEGUARDING, RoleName.APPROVER)


def guarded(person: Any) -> list[Exists]:
    """Whether this person (an id, or an expression for it) sees identities or signs."""
    return [Exists(Role.objects.filter(user_id=person, role__in=GUARDED))]


def played() -> list[tuple[UUID, str]]:
    """Who is what in which brief, for the demonstration's page. One query."""
    roles = Role.objects.select_related("brief").order_by("brief__title", "pk")
    return [(role.user_id, f"{RoleName(role.role).label} ({role.brief.title})") for role in roles]

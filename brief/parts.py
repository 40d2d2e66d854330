"""What people are in the briefs, for those floors below that may not know roles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from brief.models import Role
from brief.states import RoleName

#: They see who a reviewer is or sign, hence sign in with a second factor (TRUST 9).
GUARDED = (RoleName.REVIEW_EDITOR, RoleName.SAFEGUARDING, RoleName.APPROVER)


def guarded(user: Any) -> list[str]:
    """Names of this person's roles that see identities or sign. One query, of every request without a second factor."""
    held = Role.objects.filter(user_id=user.pk, role__in=GUARDED).values_list("role", flat=True)
    return [str(RoleName(role).label) for role in dict.fromkeys(held)]


def played() -> list[tuple[UUID, str]]:
    """Who is what in which brief, for the demonstration's page. One query."""
    roles = Role.objects.select_related("brief").order_by("brief__title", "pk")
    return [(role.user_id, f"{RoleName(role.role).label} ({role.brief.title})") for role in roles]

"""What an address names, or a plain 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404

from brief.models import Brief
from ledger.permits import Permit
from release import permissions
from release.models import Release
from release.visibility import of_person


def release_for(user: Any, identifier: UUID, permit: Permit = permissions.open_clearance) -> Release:
    """A release that this person may know of. Raises Http404 or NotAllowed."""
    release = of_person(user).select_related("job", "embargo", "created_by").filter(pk=identifier).first()
    if release is None:
        raise Http404
    permit(user, release.brief)
    return release


def brief_for(user: Any, identifier: UUID) -> Brief:
    brief = Brief.objects.filter(pk=identifier, roles__user_id=user.pk).distinct().first()
    if brief is None:
        raise Http404
    return brief

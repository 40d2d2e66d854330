"""Writing the audit trail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models

from ledger.models import Event


def record(
    *,
    actor: Any,
    verb: str,
    subject: models.Model,
    scope: UUID | None = None,
    reason: str = "",
    key: str = "",
    **data: Any,
) -> Event:
    """Add one event. ``actor`` is a user or None (the machine); ``data`` holds ids and states only.

    ``key`` is the request's that caused it; a second event with it is an IntegrityError.
    """
    return Event.objects.create(
        actor=actor if getattr(actor, "pk", None) else None,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        scope=scope,
        reason=reason,
        data=data,
        key=key,
    )

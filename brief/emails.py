"""The mails of the briefs. Subjects are neutral: they name neither brief nor section."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from brief.models import Mention
from brief.permissions import talk
from ledger.mail import Letter
from ledger.refusals import allowed


def mentioned(payload: dict[str, Any]) -> Letter | None:
    """Somebody was mentioned; nothing when they have seen it, the words were taken back, or they write here no more."""
    rows = Mention.objects.select_related("user", "comment__author", "comment__thread__brief")
    found = rows.filter(pk=payload["mention"], seen_at=None, comment__withdrawn_at=None, user__is_active=True).first()
    if found is None or not allowed(talk, found.user, found.comment.thread.brief):
        return None
    thread = found.comment.thread
    if thread.section_id:
        place = reverse("brief:section", args=[thread.brief_id, thread.section_id])
    else:
        place = reverse("brief:talk", args=[thread.brief_id])
    return Letter(
        to=found.user.email,
        context={
            "name": found.user.name,
            "who": str(found.comment.author or ""),
            "link": f"{settings.BASE_URL}{place}?thread={thread.pk}#thread-{thread.pk}",
        },
    )

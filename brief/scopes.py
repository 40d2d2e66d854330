"""How a brief's title and scope came to be what they are (S1-1): read from the kept revisions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _
from reversion.models import Version

from brief.models import Brief

FOLLOWED = {
    "title": _("Title"),
    "subtitle": _("Subtitle"),
    "scope": _("Scope"),
    "audiences": _("Audiences"),
    "launch_from": _("Launch window opens"),
    "launch_to": _("Launch window closes"),
}
#: Revisions that are looked at, the newest first: of a brief whose page was saved more often the rest is not told.
MOST = 400


@dataclass(frozen=True)
class Change:
    """One field before and after; texts, empty for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One saving that changed something followed. ``first`` is the beginning."""

    who: str
    when: datetime
    reason: str
    changes: tuple[Change, ...]
    first: bool = False


def history(brief: Brief) -> list[Entry]:
    """The newest first, in one query."""
    rows = Version.objects.get_for_object(brief).select_related("revision__user").order_by("-pk")[:MOST]
    entries: list[Entry] = []
    before: dict[str, str] | None = None
    for row in reversed(rows):
        now = _followed(row)
        changes = tuple(
            Change(str(label), (before or {}).get(name, ""), now[name])
            for name, label in FOLLOWED.items()
            if now[name] != (before or {}).get(name, "")
        )
        if changes:
            revision = row.revision
            reason = revision.comment.partition(": ")[2]
            who = str(revision.user) if revision.user else ""
            entries.append(Entry(who, revision.date_created, reason, changes, first=before is None))
        before = now
    return entries[::-1]


def _followed(row: Version) -> dict[str, str]:
    fields: dict[str, Any] = json.loads(row.serialized_data)[0]["fields"]
    return {name: _shown(name, str(fields.get(name) or "")) for name in FOLLOWED}


def _shown(name: str, value: str) -> str:
    if not value or not name.startswith("launch_"):
        return value
    return formats.date_format(date.fromisoformat(value), "j F Y")

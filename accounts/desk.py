"""The desk: what other floors say waits for a person, grouped by deadline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.slots import DeskItem, desk_items


@dataclass(frozen=True)
class Group:
    """Items whose deadlines lie in the same stretch of time."""

    key: str
    title: str | Promise
    items: list[DeskItem] = field(default_factory=list)


#: From the most pressing on: key, title, and how far ahead it reaches.
STRETCHES: tuple[tuple[str, str | Promise, timedelta | None], ...] = (
    ("overdue", _("Overdue"), timedelta(0)),
    ("today", _("Within a day"), timedelta(days=1)),
    ("week", _("Within a week"), timedelta(days=7)),
    ("later", _("Later"), None),
)
OPEN = ("open", _("Without a deadline"))


def by_deadline(user: Any) -> tuple[list[Group], list[DeskItem]]:
    """(what waits, in groups that are not empty; what only happened)."""
    items = desk_items.collect(user)
    waiting = [item for item in items if item.action]
    happened = [item for item in items if not item.action]
    return group(waiting, timezone.now()), happened


def group(items: Iterable[DeskItem], now: datetime) -> list[Group]:
    groups = {key: Group(key, title) for key, title, _reach in STRETCHES}
    groups[OPEN[0]] = Group(*OPEN)
    for item in sorted(items, key=lambda item: (item.deadline is None, item.deadline or now, str(item.title))):
        groups[_stretch(item.deadline, now)].items.append(item)
    return [found for found in groups.values() if found.items]


def _stretch(deadline: datetime | None, now: datetime) -> str:
    if deadline is None:
        return OPEN[0]
    return next(key for key, _title, reach in STRETCHES if reach is None or deadline <= now + reach)

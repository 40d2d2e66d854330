"""How long records are kept, class by class. Each app registers its own; a nightly job applies them.

Signed manifests, sign-offs, dispositions and versions are in no class: they stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ledger import jobs
from ledger.actions import Done, action
from ledger.events import record
from ledger.holds import Held, held
from ledger.models import Period
from ledger.refusals import NotAllowed, NotNow
from ledger.slots import Registry

#: Rows of one class at a time, and at most in one night; the rest goes the next night.
BATCH, MOST = 1_000, 50_000


def delete(rows: QuerySet[Any]) -> int:
    """The usual way to remove: whole rows, with what belongs to them alone."""
    number: int = rows.count()
    rows.delete()
    return number


@dataclass(frozen=True)
class RecordClass:
    """``due(before, held)`` is what is older than ``before`` and under no hold; ``remove`` takes some of it."""

    key: str
    title: str | Promise
    #: What goes and from when its age counts, in a sentence.
    doc: str | Promise
    #: Unless an administrator says otherwise; None keeps it for ever.
    days: int | None
    due: Callable[[datetime, Held], QuerySet[Any]]
    remove: Callable[[QuerySet[Any]], int] = delete
    #: It cannot be set lower than this.
    least: int = 1


record_classes: Registry[RecordClass] = Registry("record classes")


def register(*classes: RecordClass) -> None:
    for each in classes:
        record_classes.register(each.key, each)


def classes() -> list[tuple[RecordClass, int | None]]:
    """Every class with the days it is kept now, by name."""
    changed = dict(Period.objects.values_list("record_class", "days"))
    known = [record_classes.get(key) for key in record_classes.keys()]  # noqa: SIM118 – a registry is no dict
    return [(each, changed.get(each.key, each.days)) for each in known]


def due() -> list[tuple[RecordClass, int | None, int]]:
    """(class, days, how many rows would go now): what a dry run tells."""
    now = held()
    return [(each, days, _due(each, days, now).count() if days is not None else 0) for each, days in classes()]


def apply() -> dict[str, int]:
    """Remove what is due, in batches, and record the counts; class → rows."""
    now = held()
    gone = {each.key: _apply(each, days, now) for each, days in classes() if days is not None}
    counts: dict[str, Any] = {key: number for key, number in gone.items() if number}
    record(actor=None, verb="retention.applied", subject=Period(record_class="all"), **counts)
    return counts


def _due(each: RecordClass, days: int, now: Held) -> QuerySet[Any]:
    return each.due(timezone.now() - timedelta(days=days), now)


def _apply(each: RecordClass, days: int, now: Held) -> int:
    total = 0
    while total < MOST:
        rows = _due(each, days, now)
        chosen = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not chosen:
            break
        with transaction.atomic():
            removed = each.remove(rows.model._base_manager.filter(pk__in=chosen))
        total += removed
        # What a class leaves where it is would be chosen again.
        if len(chosen) < BATCH or not removed:
            break
    return total


def nightly(running: jobs.Running) -> dict[str, Any]:
    """The handler of the ``retention`` job."""
    return {"removed": apply()}


@action("retention.changed")
def change(*, actor: Any, record_class: str, days: int | None) -> Done:
    """Keep a class so many days, or (None) for ever."""
    if not actor.is_staff or not actor.is_active:
        raise NotAllowed(_("Only administrators change how long records are kept."))
    if record_class not in record_classes:
        raise NotNow(_("There is no such class of records."), code="class")
    each = record_classes.get(record_class)
    if days is not None and days < each.least:
        raise NotNow(
            _("%(title)s are kept at least %(days)d days.") % {"title": each.title, "days": each.least}, code="least"
        )
    before = next(kept for known, kept in classes() if known is each)
    Period.objects.update_or_create(record_class=record_class, defaults={"days": days})
    return Done(subject=Period(record_class=record_class), data={"from": before, "to": days})

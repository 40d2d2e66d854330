"""From a wall clock and a zone to one instant; what the clock shows twice or never is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: When the mails about a day's work of others leave, on the round's own clock.
MORNING = time(7, 0)
#: Reading the directory of zones takes milliseconds: once a process.
ZONES = frozenset(available_timezones())


def instant(day: date, clock: time, zone: str) -> datetime:
    """The moment, in UTC, when clocks in ``zone`` (IANA name) show ``clock`` on ``day``.

    Raises ValidationError, with a sentence, for an unknown zone, for a time that clocks skip
    (summer time begins) and for one that they show twice (it ends).
    """
    if zone not in ZONES:
        raise ValidationError(_("Choose a time zone from the list."), code="zone")
    wall = datetime.combine(day, clock.replace(tzinfo=None))
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    shown = first.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    if shown != wall:
        raise ValidationError(
            _("Clocks in this zone are put forward and never show %(time)s on that day. Choose another time."),
            code="skipped",
            params={"time": f"{clock:%H:%M}"},
        )
    if first != second:
        raise ValidationError(
            _("Clocks in this zone are put back and show %(time)s twice on that day. Choose another time."),
            code="twice",
            params={"time": f"{clock:%H:%M}"},
        )
    return first


def next_morning(after: datetime, zone: str) -> datetime:
    """The next time that clocks in ``zone`` show seven in the morning, in UTC."""
    here = after.astimezone(ZoneInfo(zone))
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(UTC)

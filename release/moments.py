"""Wall-clock times in a zone: what instant they mean, and when they mean none or two (DOMAIN, real life 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.utils.translation import gettext as _

from ledger.refusals import NotNow

WALL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Choice:
    """One instant that a person may have meant: wall time, fold, and the clock's difference to UTC."""

    wall_time: str
    fold: int
    instant: datetime
    offset: str


class Unclear(NotNow):
    """The wall-clock time happens twice, or never; ``choices`` are what may have been meant."""

    def __init__(self, sentence: str, choices: tuple[Choice, ...]) -> None:
        super().__init__(sentence, code="unclear")
        self.choices = choices


@cache
def zones() -> tuple[str, ...]:
    """Zone names that name a place, sorted, and UTC first."""
    places = sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/"))
    )
    return ("UTC", *places)


def parse(wall_time: str, zone: str, *, fold: int | None = None) -> Choice:
    """The instant of a wall-clock time (``2026-03-12T10:00``). ``fold`` picks one of two.

    Raises Unclear, with the choices, for a time that clocks show twice or skip; NotNow for text that is
    no time or no zone.
    """
    if zone != "UTC" and zone not in available_timezones():
        raise NotNow(_("Choose a time zone from the list."), code="zone")
    try:
        naive = datetime.strptime(wall_time, WALL)
        place = ZoneInfo(zone)
    except (ValueError, ZoneInfoNotFoundError):
        raise NotNow(_("Give the date and time as on a calendar and a clock."), code="time") from None
    first, second = (_choice(naive.replace(tzinfo=place, fold=each)) for each in (0, 1))
    if first.instant == second.instant:
        return first
    if first.wall_time != naive.strftime(WALL):
        # A gap: neither reading comes back as what was asked; offer the times before and after it.
        sentence = _("The clocks skip %(time)s in %(zone)s that day. Choose one of these.")
        raise Unclear(sentence % {"time": naive.strftime("%H:%M"), "zone": zone}, _around(naive, place))
    if fold in (0, 1):
        return (first, second)[fold]
    sentence = _("The clocks show %(time)s twice in %(zone)s that day. Choose which you mean.")
    raise Unclear(sentence % {"time": naive.strftime("%H:%M"), "zone": zone}, (first, second))


@dataclass(frozen=True)
class There:
    """An instant as the clocks of one place show it.

    ``local`` is naive: templates turn aware times into the current zone, which is another.
    """

    zone: str
    place: str
    local: datetime
    offset: str


def in_zones(instant: datetime, *wanted: str) -> list[There]:
    """The instant in three zones: those wanted first, then UTC and others until there are three."""
    names = list(dict.fromkeys([*wanted, "UTC", "Europe/Vienna", "Asia/Bangkok"]))[:3]
    return [_there(instant, name) for name in names]


def _there(instant: datetime, zone: str) -> There:
    local = instant.astimezone(ZoneInfo(zone if zone in available_timezones() else "UTC"))
    offset = local.strftime("%z")
    return There(
        zone, zone.rpartition("/")[2].replace("_", " "), local.replace(tzinfo=None), f"UTC{offset[:3]}:{offset[3:]}"
    )


def wall(instant: datetime, zone: str) -> str:
    """The wall-clock time of an instant in a zone."""
    return instant.astimezone(ZoneInfo(zone)).strftime(WALL)


def _choice(local: datetime) -> Choice:
    instant = local.astimezone(UTC)
    back = instant.astimezone(local.tzinfo)
    offset = back.strftime("%z")
    return Choice(back.strftime(WALL), back.fold, instant, f"UTC{offset[:3]}:{offset[3:]}")


def _around(naive: datetime, place: ZoneInfo) -> tuple[Choice, ...]:
    """The last whole minute before the gap and the first after it."""
    minute = timedelta(minutes=1)
    before = _choice(naive.replace(tzinfo=place, fold=1)).instant
    after = _choice(naive.replace(tzinfo=place, fold=0)).instant
    edge = next(
        moment
        for moment in (before + minute * step for step in range(int((after - before) / minute) + 2))
        if _offset(moment, place) != _offset(moment - minute, place)
    )
    return tuple(_choice(moment.astimezone(place)) for moment in (edge - minute, edge))


def _offset(moment: datetime, place: ZoneInfo) -> timedelta:
    return moment.astimezone(place).utcoffset() or timedelta()

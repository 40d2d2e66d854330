"""Moments in words, with the place whose hour it is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.formats import date_format


def told(moment: datetime, zone: str) -> str:
    """28 March 2026, 18:00 Nairobi."""
    return f"{date_format(moment.astimezone(zone_of(zone)), 'j F Y, H:i')} {place(zone)}"


def zone_of(name: str) -> ZoneInfo:
    """The zone of this name; UTC for one that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def place(zone: str) -> str:
    """``Africa/Nairobi`` → ``Nairobi``: people know places, not zone names."""
    return zone.rpartition("/")[2].replace("_", " ") or "UTC"

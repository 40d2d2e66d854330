"""Spans of time and days as the signed-in person's zone has them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.template import Context

from ledger.templatetags import look


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "first", "last", "told"),
    [
        ("Europe/Vienna", at(22, 12, 23), at(22, 12, 50), "22 November 2026, 13:23–13:50 Vienna"),
        ("", at(22, 12, 23), at(22, 12, 23), "22 November 2026, 12:23 UTC"),
        ("Asia/Bangkok", at(22, 16, 30), at(22, 17, 30), "22 November 2026, 23:30–23 November 2026, 00:30 Bangkok"),
    ],
)
def test_a_span_is_told_in_one_zone(zone: str, first: datetime, last: datetime, told: str) -> None:
    context = Context({"user": SimpleNamespace(zone=zone)})
    assert look.span(context, first, last) == told


def test_days_are_those_of_the_readers_zone() -> None:
    rows = [SimpleNamespace(at=at(22, 23)), SimpleNamespace(at=at(22, 22)), SimpleNamespace(at=at(22, 12))]
    found = look.days(Context({"user": SimpleNamespace(zone="Asia/Bangkok")}), rows)
    assert [(day, len(those)) for day, those in found] == [(date(2026, 11, 23), 2), (date(2026, 11, 22), 1)]

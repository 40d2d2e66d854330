"""From a wall clock and a zone to one instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from review.deadlines import instant

SIX = ("Europe/Vienna", "Africa/Nairobi", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "UTC")


def test_a_wall_clock_time_in_nairobi_is_one_instant() -> None:
    assert instant(date(2026, 3, 28), time(18, 0), "Africa/Nairobi") == datetime(2026, 3, 28, 15, 0, tzinfo=UTC)


def test_a_time_that_clocks_skip_is_refused() -> None:
    with pytest.raises(ValidationError, match="never show"):
        instant(date(2026, 3, 29), time(2, 30), "Europe/Vienna")


def test_a_time_that_clocks_show_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="twice"):
        instant(date(2026, 10, 25), time(2, 30), "Europe/Vienna")


def test_a_zone_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="list"):
        instant(date(2026, 1, 1), time(9), "Mars/Olympus")


@settings(deadline=None)
@given(
    st.sampled_from(SIX),
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
)
def test_clocks_in_the_zone_show_what_was_asked_whenever_it_is_accepted(zone: str, wall: datetime) -> None:
    try:
        found = instant(wall.date(), wall.time(), zone)
    except ValidationError as error:
        assert error.code in ("skipped", "twice")
        return
    assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall


@settings(deadline=None)
@given(st.sampled_from(SIX), st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)))
def test_an_hour_that_every_clock_shows_once_is_never_refused(zone: str, wall: datetime) -> None:
    around = {
        moment.astimezone(ZoneInfo(zone)).utcoffset()
        for moment in (wall.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in (-30, 30))
    }
    if len(around) == 1:
        instant(wall.date(), wall.time(), zone)

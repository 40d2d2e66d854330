"""Wall-clock times: what they mean, and when they mean nothing or two things."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.refusals import NotNow
from release.moments import Unclear, in_zones, parse, wall, zones


@pytest.mark.parametrize(
    ("wall_time", "zone", "instant"),
    [
        ("2026-03-12T10:00", "Europe/Vienna", "2026-03-12T09:00"),
        ("2026-07-12T10:00", "Europe/Vienna", "2026-07-12T08:00"),
        ("2026-03-12T10:00", "Asia/Kathmandu", "2026-03-12T04:15"),
        ("2026-03-12T10:00", "Pacific/Kiritimati", "2026-03-11T20:00"),
        ("2026-03-12T10:00", "UTC", "2026-03-12T10:00"),
    ],
)
def test_a_plain_time_is_one_instant(wall_time: str, zone: str, instant: str) -> None:
    assert parse(wall_time, zone).instant == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_a_time_that_clocks_show_twice_is_refused_with_both_choices() -> None:
    with pytest.raises(Unclear, match="twice") as refused:
        parse("2026-10-25T02:30", "Europe/Vienna")
    assert [(each.fold, each.offset) for each in refused.value.choices] == [(0, "UTC+02:00"), (1, "UTC+01:00")]


def test_a_choice_settles_it() -> None:
    first, second = (parse("2026-10-25T02:30", "Europe/Vienna", fold=fold) for fold in (0, 1))
    assert (second.instant - first.instant).total_seconds() == 3600


@pytest.mark.parametrize(
    ("wall_time", "zone", "before", "after"),
    [
        ("2026-03-29T02:30", "Europe/Vienna", "01:59", "03:00"),
        ("2026-03-08T02:00", "America/New_York", "01:59", "03:00"),
        ("2026-10-04T02:15", "Australia/Lord_Howe", "01:59", "02:30"),
    ],
)
@pytest.mark.parametrize("fold", [None, 0, 1])
def test_a_time_that_clocks_skip_is_refused_with_its_neighbours(
    wall_time: str, zone: str, before: str, after: str, fold: int | None
) -> None:
    with pytest.raises(Unclear, match="skip") as refused:
        parse(wall_time, zone, fold=fold)
    assert [each.wall_time[11:] for each in refused.value.choices] == [before, after]


@pytest.mark.parametrize(
    ("wall_time", "zone"),
    [("", "UTC"), ("tomorrow", "UTC"), ("2026-02-30T10:00", "UTC"), ("2026-03-12T10:00", "Europe/Atlantis"),
     ("2026-03-12T10:00", ""), ("2026-03-12T10:00", "../etc/passwd")],
)  # fmt: skip
def test_what_is_no_time_or_no_zone_is_refused(wall_time: str, zone: str) -> None:
    with pytest.raises(NotNow):
        parse(wall_time, zone)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(zones()),
)
def test_every_instant_can_be_said_in_every_zone(instant: datetime, zone: str) -> None:
    minute = instant.replace(second=0, microsecond=0)
    said = wall(minute, zone)
    try:
        meant = [parse(said, zone).instant]
    except Unclear as unclear:
        meant = [each.instant for each in unclear.choices]
    assert minute in meant


def test_three_different_zones_are_shown() -> None:
    shown = in_zones(datetime(2026, 3, 12, 9, tzinfo=UTC), "Europe/Vienna", "UTC")
    assert [each.place for each in shown] == ["Vienna", "UTC", "Bangkok"]
    assert [each.local.strftime("%H:%M") for each in shown] == ["10:00", "09:00", "16:00"]

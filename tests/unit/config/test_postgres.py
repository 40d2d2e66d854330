"""A connection that the server hung up on is not handed out."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from config.parts import parameters
from config.postgres.base import DatabaseWrapper, hung_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled() -> Iterator[DatabaseWrapper]:
    """As in production: a pool of two."""
    settings = {**connection.settings_dict, "OPTIONS": {"pool": {"min_size": 2, "max_size": 2, "timeout": 3}}}
    wrapper = DatabaseWrapper(settings, alias="default")
    yield wrapper
    wrapper.close()
    wrapper.close_pool()


def kill(*pids: int) -> None:
    with psycopg.connect(**parameters(), autocommit=True) as other:
        for pid in pids:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        for _try in range(100):
            if not other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = ANY(%s)", [list(pids)]).fetchone():
                break
            time.sleep(0.02)


def test_a_living_connection_is_not_asked() -> None:
    with psycopg.connect(**parameters()) as living:
        before = living.info.transaction_status
        assert not hung_up(living)
        assert living.info.transaction_status == before


def test_a_killed_connection_is_noticed() -> None:
    with psycopg.connect(**parameters()) as killed:
        kill(killed.info.backend_pid)
        assert hung_up(killed)


def test_an_unread_notification_is_no_end() -> None:
    with psycopg.connect(**parameters(), autocommit=True) as listening:
        listening.execute("LISTEN here")
        with psycopg.connect(**parameters(), autocommit=True) as other:
            other.execute("NOTIFY here")
        time.sleep(0.05)
        assert not hung_up(listening)


def test_the_first_request_after_a_restart_finds_a_connection_that_lives(pooled: DatabaseWrapper) -> None:
    pool = pooled.pool
    assert pool is not None
    pool.open(wait=True)
    both = [pool.getconn(), pool.getconn()]
    pids = [each.info.backend_pid for each in both]
    for each in both:
        pool.putconn(each)
    kill(*pids)
    began = time.monotonic()
    with pooled.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] not in pids
    assert time.monotonic() - began < 1

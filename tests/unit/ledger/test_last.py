"""A statement that brings its COMMIT along."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from ledger.last import fetched
from ledger.live import CHANNEL

INSERT = "INSERT INTO last_thing (id, parent) VALUES (%(id)s, %(parent)s) RETURNING id"


@pytest.fixture
def things(transactional_db: None) -> Any:
    """Things whose parents are looked for at COMMIT."""
    with connection.cursor() as cursor:
        own = "parent int REFERENCES last_thing DEFERRABLE INITIALLY DEFERRED"
        cursor.execute(f"CREATE TABLE last_thing (id int PRIMARY KEY, {own})")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE last_thing")


def under_way() -> bool:
    return connection.connection.info.transaction_status != TransactionStatus.IDLE


def kept() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM last_thing ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_it_is_kept_before_the_block_ends(things: None) -> None:
    done: list[str] = []
    with transaction.atomic():
        transaction.on_commit(lambda: done.append("told"))
        assert fetched(INSERT, {"id": 1, "parent": None}, last=False, hint="{}") == (1,) and under_way()
        assert fetched(INSERT, {"id": 2, "parent": 1}, last=True, hint="{}") == (2,) and not under_way()
        assert done == []
    assert done == ["told"] and kept() == [1, 2]


def test_what_comes_after_all_the_same_is_kept_by_the_block(things: None) -> None:
    with transaction.atomic():
        fetched(INSERT, {"id": 1, "parent": None}, last=True, hint="{}")
        fetched(INSERT, {"id": 2, "parent": None}, last=False, hint="{}")
        assert under_way()
    assert kept() == [1, 2]


@pytest.mark.parametrize("parent", [7, "no number"])
def test_what_commit_refuses_leaves_nothing(things: None, parent: object) -> None:
    with pytest.raises(Exception, match=r"violates foreign key|invalid input") as refused, transaction.atomic():
        fetched(INSERT, {"id": 1, "parent": None}, last=False, hint="{}")
        fetched(INSERT, {"id": 2, "parent": parent}, last=True, hint="{}")
    assert isinstance(refused.value, IntegrityError) == (parent == 7)
    assert kept() == [] and not under_way()


@pytest.mark.parametrize("savepoint", [True, False])
def test_a_block_around_it_decides(things: None, savepoint: bool) -> None:
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        with transaction.atomic(savepoint=savepoint):
            fetched(INSERT, {"id": 1, "parent": None}, last=True, hint="{}")
            assert under_way()
        raise ValueError("no")
    assert kept() == []


def test_outside_of_a_block_it_is_one_statement(things: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert fetched(INSERT, {"id": 1, "parent": None}, last=True, hint="{}") == (1,)
    assert "COMMIT" not in asked.captured_queries[0]["sql"] and kept() == [1]


def test_no_row_is_none(things: None) -> None:
    with transaction.atomic():
        assert fetched("SELECT id FROM last_thing WHERE id = %(id)s", {"id": 9}, last=True, hint="{}") is None


def asked(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def listening() -> psycopg.Connection[Any]:
    """Another connection, which hears hints."""
    password = connection.settings_dict["PASSWORD"] or None
    other = psycopg.connect(connection.connection.info.dsn, password=password, autocommit=True)
    other.execute(f"LISTEN {CHANNEL}")
    return other


def test_the_hint_is_told_once_it_is_kept(things: None) -> None:
    """And by a transaction that waits for no disk."""
    with listening() as other:
        asked("SET synchronous_commit TO on")
        for number, last in enumerate((True, False)):
            hint = f'{{"number":{number}}}'
            with transaction.atomic():
                fetched(INSERT, {"id": number, "parent": None}, last=last, hint=hint)
                if not last:
                    assert list(other.notifies(timeout=0.2)) == []
            assert [each.payload for each in other.notifies(timeout=5, stop_after=1)] == [hint]
            assert asked("SHOW synchronous_commit") == "on", "only the hint's own transaction does not wait"
        asked("RESET synchronous_commit")


def test_nothing_is_told_of_what_was_not_kept(things: None) -> None:
    with listening() as other:
        for last in (True, False):
            with pytest.raises(IntegrityError), transaction.atomic():
                fetched(INSERT, {"id": 1, "parent": 7}, last=last, hint="{}")
        assert list(other.notifies(timeout=0.3)) == []

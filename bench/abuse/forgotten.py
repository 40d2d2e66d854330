"""Guards that nothing of a person is left once they are forgotten: database, private files, Valkey, logs (TRUST 10).

A reviewer made of canaries is invited, signs in, declares, reads, comments and hands in, over the wire, from an
address and a browser of their own. Two administrators ask and confirm on their pages; the worker does it. Then
every row of every table, every private file, every value in Valkey and every line of every log is searched for
each canary. Before, the same search must find them in the database: else it would prove nothing. Units: hits.

Broken on purpose: without ``people.erasing.register(kept.erase)`` in review/apps.py "forgotten.database" counted 13
hits in invitation, declaration and notes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.db import connection
from redis import Redis

from accounts.models import User
from bench.figures import Figure, at_least, none
from bench.scene import database
from bench.scene.reviewer import Reviewer
from bench.stack import Stack
from tests.cast import TOTP, Cast


def run(stack: Stack) -> Iterable[Figure]:
    cast = Cast(token_hex(4))
    reviewer = Reviewer()
    reviewer.review(stack, cast)
    database.settle()
    words = [*reviewer.identity, *reviewer.device, *reviewer.note, *reviewer.own]
    before = list(_hits(_rows(), words))
    yield at_least("forgotten.found_before", len({place for place, _word in before}), "tables", gate=5)
    _forget(stack, cast, reviewer)
    database.settle()
    places = {
        "database": _rows(),
        "files": _files(stack.data / "private"),
        "valkey": _values(stack),
        "logs": _lines(stack),
    }
    for name, texts in places.items():
        counted = _Counted(texts)
        hits = list(_hits(counted, words))
        sys.stderr.writelines(f"forgotten: {word} in {place}\n" for place, word in hits[:20])
        yield none(f"forgotten.{name}", len(hits), counted.number, unit="hits", note="texts searched")


def _forget(stack: Stack, cast: Cast, reviewer: Reviewer) -> None:
    """By the pages that administrators have."""
    from accounts.second_factor import enrol_totp

    second = User.objects.create_user(f"second.{token_hex(4)}@people.example", "Second Admin", is_staff=True)
    enrol_totp(second, TOTP)
    page = f"/admin/keeping/people/{reviewer.pk}/"
    for person, act in ((cast.admin, "ask"), (second, "confirm")):
        client = stack.client(person)
        answer = client.get(page)
        if answer.status != 200:
            raise RuntimeError(f"{page} → {answer.status}")
        answer = client.post(f"{page}erase/", {"act": act, "typed": reviewer.email})
        if answer.status != 302:
            raise RuntimeError(f"{act} → {answer.status} {answer.text[:300]}")


class _Counted:
    """Texts as they go by, and how many."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        self._texts, self.number = texts, 0

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for each in self._texts:
            self.number += 1
            yield each


def _hits(texts: Iterable[tuple[str, str]], words: list[str]) -> Iterator[tuple[str, str]]:
    """(where, which word) of each text that holds one, in any case."""
    wanted = [word.lower() for word in words if word]
    for place, text in texts:
        low = text.lower()
        yield from ((place, word) for word in wanted if word in low)


def _rows() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            # The name is the catalogue's own.
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")  # noqa: S608
            yield from ((table, row) for (row,) in cursor.fetchall())


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.rglob("*"):
        yield "name of a file", path.name
        if path.is_file():
            yield "a file", path.read_bytes().decode("latin1")


def _values(stack: Stack) -> Iterator[tuple[str, str]]:
    with Redis.from_url(stack.environment["REDIS_URL"]) as broker:
        for key in broker.scan_iter(count=1000):
            name = key.decode("latin1")
            yield name, f"{name} {_value(broker, key)}"


def _value(broker: Redis, key: bytes) -> str:
    """As it is: what Valkey would dump is compressed."""
    read: dict[Any, Callable[[], Any]] = {
        b"string": lambda: broker.get(key),
        b"hash": lambda: broker.hgetall(key),
        b"list": lambda: broker.lrange(key, 0, -1),
        b"set": lambda: broker.smembers(key),
        b"zset": lambda: broker.zrange(key, 0, -1),
    }
    return str(read[broker.type(key)]())


def _lines(stack: Stack) -> Iterator[tuple[str, str]]:
    for part in stack.processes.values():
        if part.log.exists():
            with part.log.open(encoding="utf-8", errors="replace") as log:
                yield from ((part.name, line) for line in log)

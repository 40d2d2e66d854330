"""The cache stands while Valkey is away, and hands back when it returns."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Connection, Redis

from config.embedded import Valkey
from ledger import cache as ours
from ledger.cache import Cache


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    ours._away["until"] = 0.0
    yield
    ours._away["until"] = 0.0


def nobody() -> Cache:
    cache = Cache("redis://127.0.0.1:1/0", {"KEY_PREFIX": "cs"})
    cache.clear()
    return cache


def test_every_command_works_without_valkey() -> None:
    cache = nobody()
    assert cache.add("n", 0, 60)
    assert not cache.add("n", 5, 60)
    assert (cache.incr("n"), cache.incr("n", 2), cache.decr("n")) == (1, 3, 2)
    cache.set("name", {"a": [1.5, 2.5]}, 60)
    assert cache.get("name") == {"a": [1.5, 2.5]}
    assert cache.has_key("name") and "name" in cache
    assert cache.touch("name", 60)
    cache.set_many({"x": 1, "y": 2}, 60)
    assert cache.get_many(["x", "y", "z"]) == {"x": 1, "y": 2}
    cache.delete_many(["x", "y"])
    assert cache.get("x", "gone") == "gone"
    assert cache.delete("name") and not cache.delete("name")
    with pytest.raises(ValueError, match="not found"):
        cache.incr("never")


def test_threads_count_together() -> None:
    """Django gives each thread a cache of its own; the memory behind them is one."""
    first, second = nobody(), Cache("redis://127.0.0.1:1/0", {"KEY_PREFIX": "cs"})
    first.add("tries", 0, 60)
    assert [first.incr("tries"), second.incr("tries"), first.incr("tries")] == [1, 2, 3]


def test_an_absent_valkey_is_asked_once_in_a_while(caplog: pytest.LogCaptureFixture) -> None:
    cache = nobody()
    ours._away["until"] = 0.0
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        for number in range(50):
            cache.set(f"k{number}", number)
    assert [record.message for record in caplog.records] == ["cache away: counting in this process"]


def test_counting_takes_one_trip_and_ends_after_its_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    valkey = Valkey(tmp_path / "valkey")
    valkey.start()
    trips: list[object] = []
    read = Connection.read_response
    monkeypatch.setattr(Connection, "read_response", lambda *a, **k: trips.append(a) or read(*a, **k))
    try:
        cache = Cache(valkey.url, {"KEY_PREFIX": "cs"})
        cache.get("warm")
        trips.clear()
        assert [cache.count("asked", 60) for _ in range(3)] == [1, 2, 3]
        assert len(trips) == 6  # two answers a trip: the count and its end
        assert 58 <= Redis.from_url(valkey.url).ttl(cache.make_key("asked")) <= 60
    finally:
        valkey.process.terminate()
        valkey.process.wait(10)
    assert cache.count("asked", 60) == 1  # away: this process begins anew
    assert cache.count("asked", 60) == 2


def test_it_returns_to_valkey_when_that_is_back(tmp_path: Path) -> None:
    valkey = Valkey(tmp_path / "valkey")
    valkey.start()
    try:
        cache = Cache(valkey.url, {"KEY_PREFIX": "cs"})
        cache.set("kept", "in valkey", 60)
        ours._away["until"] = float("inf")
        assert cache.get("kept") is None
        ours._away["until"] = 0.0
        assert cache.get("kept") == "in valkey"
    finally:
        valkey.process.terminate()
        valkey.process.wait(10)
    assert cache.get("kept") is None  # away again, and nobody fails


def test_health_asks_valkey_itself(settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL = ""
    assert not ours.reachable()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert not ours.reachable()
    valkey = Valkey(tmp_path / "valkey")
    valkey.start()
    try:
        settings.REDIS_URL = valkey.url
        assert ours.reachable()
    finally:
        valkey.process.terminate()
        valkey.process.wait(10)

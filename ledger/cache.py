"""Valkey as Django's cache, and this process's memory where Valkey is away.

What lies in the cache is counting (tries of codes, requests) and courtesy (progress, presence). Without
Valkey nobody is refused and nothing is unlimited: each process counts for itself until it is back.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
#: Seconds for which an absent Valkey is not asked again: nobody's request waits for it twice.
PAUSE = 2.0
#: More keys than a person can wrong codes; beyond it counts would be thrown out at random.
MOST = 100_000
TIMEOUTS = {"socket_connect_timeout": 1, "socket_timeout": 2}
_away: dict[str, float] = {"until": 0.0}


class StandbyClient(RedisCacheClient):
    """Each command goes to Valkey, or for ``PAUSE`` seconds after a failure to the process's memory."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **{**TIMEOUTS, **options})
        # One for all threads: Django makes a client for each.
        self.standby = LocMemCache("standby", {"OPTIONS": {"MAX_ENTRIES": MOST}})

    def add(self, *arguments: Any) -> Any:
        return self._either("add", *arguments)

    def get(self, *arguments: Any) -> Any:
        return self._either("get", *arguments)

    def set(self, *arguments: Any) -> Any:
        return self._either("set", *arguments)

    def touch(self, *arguments: Any) -> Any:
        return self._either("touch", *arguments)

    def delete(self, *arguments: Any) -> Any:
        return self._either("delete", *arguments)

    def get_many(self, keys: Any) -> Any:
        return self._either("get_many", list(keys))

    def has_key(self, *arguments: Any) -> Any:
        return self._either("has_key", *arguments)

    def incr(self, *arguments: Any) -> Any:
        return self._either("incr", *arguments)

    def set_many(self, *arguments: Any) -> Any:
        return self._either("set_many", *arguments)

    def delete_many(self, keys: Any) -> Any:
        return self._either("delete_many", list(keys))

    def clear(self) -> Any:
        return self._either("clear")

    def count(self, key: str, seconds: int) -> int:
        """One more of ``key``, in one trip; it is forgotten ``seconds`` after the last."""
        return int(self._or(lambda: self._counted(key, seconds), lambda: _counted(self.standby, key, seconds)))

    def _counted(self, key: str, seconds: int) -> int:
        trip = self.get_client(key, write=True).pipeline(transaction=False)
        trip.incr(key)
        trip.expire(key, seconds)
        return int(trip.execute()[0])

    def _either(self, name: str, *arguments: Any) -> Any:
        ask = getattr(super(), name)
        return self._or(lambda: ask(*arguments), lambda: getattr(self.standby, name)(*arguments))

    def _or(self, ask: Callable[[], Any], stand_in: Callable[[], Any]) -> Any:
        if time.monotonic() >= _away["until"]:
            try:
                return ask()
            except (RedisError, OSError):
                _away["until"] = time.monotonic() + PAUSE
                log.warning("cache away: counting in this process")
        return stand_in()


class Cache(RedisCache):
    """``CACHES["default"]["BACKEND"]`` wherever ``REDIS_URL`` is set."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = StandbyClient

    def count(self, key: str, seconds: int) -> int:
        return cast(StandbyClient, self._cache).count(self.make_and_validate_key(key), seconds)


def count(key: str, seconds: int) -> int:
    """How often ``key`` has been counted, this time included, with never more than ``seconds`` between."""
    backend = caches["default"]
    return backend.count(key, seconds) if isinstance(backend, Cache) else _counted(backend, key, seconds)


def _counted(backend: BaseCache, key: str, seconds: int) -> int:
    backend.add(key, 0, seconds)
    backend.touch(key, seconds)
    return backend.incr(key)


def reachable() -> bool:
    """Whether Valkey itself answers, now."""
    if not settings.REDIS_URL:
        return False
    try:
        with Redis.from_url(settings.REDIS_URL, **TIMEOUTS) as valkey:
            return bool(valkey.ping())
    except (RedisError, OSError):
        return False

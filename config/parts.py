"""Which parts of the product are up: what `/health/` answers and the supervisor waits for.

The worker and beat leave a sign of life in the cache; a part whose sign is old is down.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection

from config import databases
from ledger.cache import reachable

#: A sign of life older than this is none.
FRESH = 20.0


def sign_of_life(part: str) -> None:
    """Leave the sign of ``worker`` or ``beat``; a lost one does no harm."""
    cache.set(f"alive:{part}", time.time(), 600)


def _alive(part: str) -> bool:
    last = cache.get(f"alive:{part}")
    return last is not None and time.time() - float(last) < FRESH


def _database() -> bool:
    # A connection of its own: the pool would wait ten seconds for a database that is away.
    try:
        with psycopg.connect(**parameters(), connect_timeout=2) as probe:
            probe.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def parameters() -> dict[str, Any]:
    """How to connect without Django's pool, from the settings as they are now (tests change the name)."""
    return databases.parameters(connection.settings_dict)


def direct_parameters() -> dict[str, Any]:
    """How to reach PostgreSQL itself, past any pool: for a connection that listens."""
    return databases.parameters(settings.LIVE_DATABASE) if settings.LIVE_DATABASE else parameters()


def _files() -> bool:
    """Private files can be written: the bucket is there, or the folder is ours."""
    if reaches := getattr(default_storage, "reachable", None):
        return bool(reaches())
    folder = Path(default_storage.path(""))
    return os.access(folder if folder.exists() else folder.parent, os.W_OK)


def _built(name: str) -> bool:
    return (Path(settings.BUILD_DIR) / name).is_file()


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "broker": reachable,
    "worker": lambda: _alive("worker"),
    "beat": lambda: _alive("beat"),
    "files": _files,
    "engine": lambda: _built("engine/engine.js"),
    "scripts and styles": lambda: _built("web/.vite/manifest.json"),
}


#: What a web process needs to serve pages: without the others it saves, and they catch up (TRUST 5).
NEEDED = ("database", "files", "engine", "scripts and styles")


def ready() -> dict[str, bool]:
    """Whether this process may be sent requests: the parts it cannot answer without."""
    return {name: PARTS[name]() for name in NEEDED}


def states() -> dict[str, bool]:
    """Every part, and whether it is up."""
    return {name: part() for name, part in PARTS.items()}

"""Which databases there are, from the environment: the primary, perhaps a pool in front of it, perhaps a replica.

Nothing here needs a session of its own between two transactions: no prepared statements, no cursors on
the server, no settings. So PgBouncer may pool transactions. What must hold one connection (listening
for live events, migrations, backups) goes by LIVE_DATABASE_URL, straight to PostgreSQL.
"""

from __future__ import annotations

from typing import Any

import environ

from ledger.replica import ALIAS

LOCAL = "postgres://countersign@127.0.0.1:5432/countersign"
NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def databases(env: environ.Env, *, pooled: bool) -> dict[str, Any]:
    """Django's DATABASES. ``pooled`` keeps connections between requests (tests do not)."""
    found = {"default": _database(env.db_url("DATABASE_URL", default=LOCAL), env, pooled=pooled)}
    found["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE", default="test_countersign")}
    if env.str("DATABASE_REPLICA_URL", default=""):
        found[ALIAS] = _database(env.db_url("DATABASE_REPLICA_URL"), env, pooled=pooled)
        found[ALIAS]["TEST"] = {"MIRROR": "default"}
    return found


def _database(address: dict[str, Any], env: environ.Env, *, pooled: bool) -> dict[str, Any]:
    # What the address says after its question mark (sslmode, sslrootcert) is kept.
    options = {**address.get("OPTIONS", {}), "prepare_threshold": None}
    if pooled:
        options |= {"connect_timeout": 3, "pool": _pool(env)}
    return {
        **address,
        "ENGINE": "config.postgres",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }


def _pool(env: environ.Env) -> dict[str, Any]:
    return {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL", default=12),
        # How long a request waits for a database that is away, before it says so.
        "timeout": 5,
        # After so long the next request tries anew, instead of waiting for a pause that doubles.
        "reconnect_timeout": 4,
    }


def parameters(database: dict[str, Any]) -> dict[str, Any]:
    """How psycopg itself connects to one of Django's databases, without Django's pool."""
    known = {ours: database[theirs] for theirs, ours in NAMES.items() if database.get(theirs)}
    return known | {name: value for name, value in database.get("OPTIONS", {}).items() if isinstance(value, str)}

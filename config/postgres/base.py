"""``ENGINE = "config.postgres"``: after PostgreSQL was restarted, no request fails because of an old connection.

Django can ask each connection of its pool whether it lives (``CONN_HEALTH_CHECKS``): a round trip in every
request, and a second's pause after each dead one. A connection that the server closed is readable while
nobody awaits anything, and that is known without asking (select(2)).
"""

from __future__ import annotations

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.utils.asyncio import async_unsafe
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One that lives. Raises what the pool raises when there is none in time."""
        connection = super().get_new_connection(conn_params)
        while self.pool and hung_up(connection):
            connection.close()
            # The pool replaces what comes back closed.
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def hung_up(connection: psycopg.Connection[Any]) -> bool:
    """Whether the other side is gone. Asks the server only when something lies unread."""
    if connection.closed:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if not waiting.poll(0):
        return False
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return True
    return False

"""What a page weighs: compressed bytes, and how often the database is asked for it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from typing import Any

from bench.client import CSRF, SESSION


def compressed(*bodies: bytes) -> float:
    """Kilobytes (1,000 bytes) after gzip at the level nginx uses here."""
    return sum(len(gzip.compress(body, 5)) for body in bodies) / 1000


def queries(client: Any, method: str, path: str, data: Mapping[str, Any] | str | None = None, **more: Any) -> int:
    """How often the database is asked: the same request in this process, through the same settings.

    ``client`` is the bench's, for its session. Asked twice, counted the second time: what is kept in memory
    is in memory then. Transaction control and ``SET`` are not questions.
    """
    from django.db import connection
    from django.test import Client as Inside

    inside = Inside(HTTP_HOST="localhost")
    inside.cookies[SESSION], inside.cookies[CSRF] = client.cookies[SESSION], "a" * 32

    def ask() -> None:
        answer = getattr(inside, method.lower())(path, data, secure=True, **more)
        if answer.status_code >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status_code}")
        b"".join(answer.streaming_content if answer.streaming else [answer.content])

    if method == "GET":
        ask()
    counted: list[str] = []
    with connection.execute_wrapper(counting(counted)):
        ask()
    return len(counted)


def counting(counted: list[str]) -> Callable[..., Any]:
    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not str(sql).startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "SET ")):
            counted.append(str(sql))
        return execute(sql, params, many, context)

    return count

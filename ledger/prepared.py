"""Queries of every request, made into SQL once.

Django builds a query anew each time: of a look-up by key that takes longer than the database does. These few are
described by the ORM like all others, compiled when first asked, and only their values change. Nothing is prepared
in the database's sense, so a pool of transactions may stand in between (``config.databases``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, QuerySet


class Hole(Expression):
    """Where a value comes later, by its name; it is handed to the database as it is."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Prepared:
    """``build()`` gives a QuerySet of ``values_list`` with holes; call with a value for each of them.

    Rows are tuples as PostgreSQL's types come: no field's own conversion is applied.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._build = build
        self._made: tuple[str, tuple[Any, ...]] | None = None

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """Raises KeyError for a hole without a value."""
        if self._made is None:
            self._made = self._build().query.sql_with_params()
        sql, given = self._made
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[each.name] if isinstance(each, Hole) else each for each in given])
            return list(cursor.fetchall())

"""Queries of every request, made into SQL once.

Django builds a query anew each time: of a look-up by key that takes longer than the database does. These few are
described by the ORM like all others, compiled when first asked, and only their values change. Nothing is prepared
in the database's sense, so a pool of transactions may stand in between (``config.databases``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, F, Field, Lookup, Model, QuerySet
from django.db.models import query as of_orm

Row = TypeVar("Row", bound=Model)


class Hole(Expression):
    """Where a value comes later, by its name; it is handed to the database as it is."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Among(Lookup):
    """``.filter(Among("thread_id", "threads", UUIDField()))``: a column is one of a list that comes later, by its name.

    One parameter whatever their number, where ``__in`` writes one for each.
    """

    lookup_name = "among"

    def __init__(self, column: str, name: str, field: Field[Any, Any]) -> None:
        super().__init__(F(column), Hole(name, field))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, before = self.process_lhs(compiler, connection)
        values, after = compiler.compile(self.rhs)
        return f"{column} = ANY({values})", (*before, *after)


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
        return _fetched(*self._made, values)


class PreparedRows(Generic[Row]):
    """``build()`` gives a QuerySet of rows with holes; called, it gives those rows as the ORM does.

    ``select_related``, ``only`` and ``defer`` hold as always; prefetched and annotated it cannot.
    """

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self._build = build
        self._made: tuple[str, tuple[Any, ...], Callable[[list[tuple[Any, ...]]], list[Row]]] | None = None

    def __call__(self, **values: Any) -> list[Row]:
        """Raises KeyError for a hole without a value."""
        if self._made is None:
            self._made = _compiled(self._build())
        sql, given, rows = self._made
        return rows(_fetched(sql, given, values))


def _fetched(sql: str, given: tuple[Any, ...], values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [values[each.name] if isinstance(each, Hole) else each for each in given])
        return list(cursor.fetchall())


def _compiled(wanted: QuerySet[Row]) -> tuple[str, tuple[Any, ...], Callable[[list[tuple[Any, ...]]], list[Row]]]:
    """The SQL, its parameters, and what makes objects of rows: the same steps as the ORM's own iterator."""
    compiler: Any = wanted.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, given = compiler.as_sql()
    about = compiler.klass_info
    first, last = about["select_fields"][0], about["select_fields"][-1] + 1
    columns = [each[0].target.attname for each in compiler.select[first:last]]
    populators: Any = of_orm.get_related_populators
    related = populators(about, compiler.select, DEFAULT_DB_ALIAS)

    def rows(found: list[tuple[Any, ...]]) -> list[Row]:
        made = []
        for row in compiler.results_iter([found]):
            one = about["model"].from_db(DEFAULT_DB_ALIAS, columns, row[first:last])
            for each in related:
                each.populate(row, one)
            made.append(one)
        return made

    return sql, given, rows

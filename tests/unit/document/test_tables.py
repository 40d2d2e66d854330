"""A table's grid, its head, and which columns hold numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from document import tables
from tests.factories import documents as make
from tests.factories.documents import cell, row, table, th


def places(node) -> list[tuple[int, int, int, int]]:
    return [(each.row, each.column, each.rowspan, each.colspan) for each in tables.grid(node).cells]


def test_spans_push_later_cells():
    node = table("", row(cell("a", rowspan=2), cell("b")), row(cell("c")))
    assert places(node) == [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]


def test_spans_end_at_the_last_row_and_at_taken_places():
    node = table("", row(cell("a"), cell("b", rowspan=9)), row(cell("c", colspan=3)))
    assert places(node) == [(0, 0, 1, 1), (0, 1, 2, 1), (1, 0, 1, 1)]


def test_places_that_no_cell_fills_are_gaps():
    assert tables.grid(table("", row(cell("a"), cell("b")), row(cell("c")))).gaps == ((1, 1),)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(th("a"), th("b")), row(cell("c"), cell("d"))], 1),
        ([row(th("a", colspan=2)), row(th("b"), th("c")), row(cell("d"), cell("e"))], 2),
        ([row(th("a", rowspan=2), th("b")), row(th("c")), row(cell("d"), cell("e"))], 2),
        ([row(th("a", rowspan=2), th("b")), row(cell("c"))], 0),
        ([row(th("a", scope="row"), cell("b")), row(th("c", scope="row"), cell("d"))], 0),
        ([row(th("a")), row(th("b"))], 1),
        ([row(cell("a"))], 0),
    ],
)
def test_the_head_is_rows_of_column_headers_that_end_there(rows, expected):
    assert tables.header_rows(table("", *rows)) == expected


def test_columns_of_row_headers_are_counted_from_the_left():
    node = table("", row(th("h"), th("i")), row(th("a", scope="row"), cell("1")), row(th("b", scope="row"), cell("2")))
    assert tables.row_heads(tables.grid(node), 1) == 1


@pytest.mark.parametrize(
    ("values", "numeric"),
    [
        (["1,200", "800", "–"], True),
        (["12 %", "3.4", "≈ 5"], True),
        (["€ 4.5", "", "(3)"], True),
        (["27.6 million", "1"], False),
        (["one", "2"], False),
        (["", ""], False),
    ],
)
def test_a_column_is_numeric_if_all_its_cells_are(values, numeric):
    node = table("", row(th("head")), *(row(cell(value)) for value in values))
    assert tables.numeric_columns(tables.grid(node), 1) == (frozenset({0}) if numeric else frozenset())


@settings(deadline=None, max_examples=60)
@given(make.tables)
def test_every_place_of_any_table_is_filled_exactly_once(node):
    grid = tables.grid(node)
    taken = [
        (each.row + down, each.column + across)
        for each in grid.cells
        for down in range(each.rowspan)
        for across in range(each.colspan)
    ]
    assert len(taken) == len(set(taken))
    assert set(taken) | set(grid.gaps) == {(r, c) for r in range(grid.rows) for c in range(grid.columns)}
    assert not set(taken) & set(grid.gaps)
    assert 0 <= tables.header_rows(node) < max(1, grid.rows)

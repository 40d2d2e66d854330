"""What every renderer must know of a table: its grid, and which rows are its head."""

from __future__ import annotations

import re
from dataclasses import dataclass

from document import tree
from document.tree import Node


@dataclass(frozen=True)
class Cell:
    """A cell at its place in the grid, both counted from 0; spans cut at the table's edge."""

    node: Node
    row: int
    column: int
    rowspan: int
    colspan: int

    @property
    def scope(self) -> str:
        """``col``, ``row``, ``colgroup`` or ``rowgroup`` for header cells, otherwise empty."""
        return str(tree.attr(self.node, "scope", "col")) if self.node["type"] == "table_header" else ""


@dataclass(frozen=True)
class Grid:
    """All cells with the table's size; ``gaps`` are places that no cell fills."""

    cells: tuple[Cell, ...]
    rows: int
    columns: int
    gaps: tuple[tuple[int, int], ...]


def grid(table: Node) -> Grid:
    """Lay a table out as HTML does: a cell takes the first free place of its row.

    A cell that meets one reaching down from above is moved right; spans stop at the last row and
    at places that are taken.
    """
    rows = tree.children(table)
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for index, row in enumerate(rows):
        column = 0
        for node in tree.children(row):
            while (index, column) in taken:
                column += 1
            cell = _placed(node, index, column, len(rows), taken)
            cells.append(cell)
            column += cell.colspan
    width = max((column + 1 for _, column in taken), default=0)
    places = ((row, column) for row in range(len(rows)) for column in range(width))
    return Grid(tuple(cells), len(rows), width, tuple(place for place in places if place not in taken))


def _placed(node: Node, row: int, column: int, rows: int, taken: set[tuple[int, int]]) -> Cell:
    wanted = int(tree.attr(node, "colspan", 1))
    colspan = 1
    while colspan < wanted and (row, column + colspan) not in taken:
        colspan += 1
    rowspan = min(int(tree.attr(node, "rowspan", 1)), rows - row)
    for down in range(rowspan):
        places = {(row + down, column + across) for across in range(colspan)}
        if down and places & taken:
            rowspan = down
            break
        taken |= places
    return Cell(node, row, column, rowspan, colspan)


def header_rows(table: Node) -> int:
    """How many rows at the top are the table's head: only column headers, none reaching below.

    A table that is all headers keeps its last row as body.
    """
    rows = tree.children(table)
    placed = grid(table).cells
    heads = 0
    for index in range(len(rows) - 1):
        row = [cell for cell in placed if cell.row <= index < cell.row + cell.rowspan]
        if not row or any(cell.scope not in ("col", "colgroup") for cell in row):
            break
        if all(cell.row + cell.rowspan <= index + 1 for cell in row):
            heads = index + 1
    return heads


_NUMBER = re.compile(r"[\s~≈<>≤≥±+\-–−€$£%‰.,'’()\d\u00a0\u202f]*\d[\s%‰.,'’()\d\u00a0\u202fkKmM€$£]*|[–—-]|n/a|")


def numeric_columns(grid: Grid, heads: int) -> frozenset[int]:
    """Columns whose body cells are all numbers (or empty): set to the right, so that digits align."""
    texts: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.row >= heads and cell.colspan == 1:
            texts.setdefault(cell.column, []).append(tree.text(cell.node).strip())
    return frozenset(
        column for column, values in texts.items() if any(values) and all(_NUMBER.fullmatch(value) for value in values)
    )


def row_heads(grid: Grid, heads: int) -> int:
    """How many columns at the left hold nothing but row headers in the table's body."""
    count = 0
    for column in range(grid.columns):
        body = [cell for cell in grid.cells if cell.row >= heads and cell.column == column]
        if not body or any(cell.scope not in ("row", "rowgroup") or cell.colspan > 1 for cell in body):
            break
        count += 1
    return count

"""Header cells of a PDF's tables.

Typst marks the cells of a header row; it has no way to say that a cell heads its row. The structure
tree has one Table element per table, in reading order, its rows and cells in the order of the grid,
so the missing headers are marked there.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from document.pdfstructure import elements, kids
from document.tables import Cell, Grid

_SCOPES = {"col": Name.Column, "colgroup": Name.Column, "row": Name.Row, "rowgroup": Name.Row}


class Mismatch(Exception):
    """The tables of the PDF are not those of the text."""


def retag(data: bytes, grids: tuple[Grid, ...]) -> bytes:
    """The PDF with every header cell marked, and each data cell naming the headers of its row.

    Raises Mismatch when the PDF's tables are not the given ones.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        tables = [each for each in elements(pdf.Root.StructTreeRoot) if each.get("/S") == Name.Table]
        if len(tables) != len(grids):
            raise Mismatch(f"{len(tables)} tables in the PDF, {len(grids)} in the text")
        names: dict[str, Any] = {}
        for number, (table, grid) in enumerate(zip(tables, grids, strict=True)):
            _table(table, grid, number, names)
        if names:
            _remember(pdf, names)
        _seal(pdf)
        out = io.BytesIO()
        # Streams as they are, and none made by the library: the ends of all have been looked at.
        pdf.save(
            out,
            compress_streams=False,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
        return out.getvalue()


def _seal(pdf: pikepdf.Pdf) -> None:
    """Let no stream end in a line end: before ``endstream`` one could not tell whose it is, and
    PDF/A asks for the exact length. One in a hundred compressed streams does; it is kept plain."""
    for stream in pdf.objects:
        if not isinstance(stream, pikepdf.Stream) or stream.read_raw_bytes()[-1:] not in (b"\n", b"\r"):
            continue
        if stream.get("/Type") == Name.Metadata:
            stream.write(stream.read_raw_bytes().rstrip())
        elif stream.get("/Filter") == Name.FlateDecode:
            data = stream.read_bytes()
            stream.write(data + b" " if data[-1:] in (b"\n", b"\r") else data)


def _rows(table: Any) -> list[list[Any]]:
    rows = []
    for group in elements(table):
        if group.get("/S") == Name.TR:
            cells = [kid for kid in kids(group) if isinstance(kid, Dictionary) and "/S" in kid]
            rows.append(cells)
    return rows


def _table(table: Any, grid: Grid, number: int, names: dict[str, Any]) -> None:
    """Mark one table's headers; ``names`` collects the new elements' IDs."""
    gaps = dict.fromkeys(grid.gaps)
    starts: dict[tuple[int, int], Cell | None] = {(cell.row, cell.column): cell for cell in grid.cells} | gaps
    elements: dict[tuple[int, int], Any] = {}
    for index, cells in enumerate(_rows(table)):
        columns = sorted(column for row, column in starts if row == index)
        if len(columns) != len(cells):
            raise Mismatch(f"table {number + 1}, row {index + 1}: {len(cells)} cells for {len(columns)}")
        for column, element in zip(columns, cells, strict=True):
            elements[index, column] = element
    heads: dict[int, list[str]] = {}
    for place, element in elements.items():
        cell = starts[place]
        if cell and cell.scope:
            identifier = _head(element, cell, number, names)
            if cell.scope in ("row", "rowgroup"):
                for row in range(cell.row, cell.row + cell.rowspan):
                    heads.setdefault(row, []).append(identifier)
    for (row, column), element in elements.items():
        cell = starts[row, column]
        if not (cell and cell.scope) and row in heads:
            _names_headers(element, heads[row])


def _head(element: Any, cell: Cell, number: int, names: dict[str, Any]) -> str:
    """Make a header cell of the element and give its ID."""
    element.S = Name.TH
    _attributes(element).Scope = _SCOPES[cell.scope]
    if "/ID" not in element:
        identifier = f"R{number}x{cell.column}y{cell.row}"
        element.ID = String(identifier)
        names[identifier] = element
    return str(element.ID)


def _attributes(element: Any) -> Any:
    """The element's table attributes, made when missing."""
    given = element.get("/A")
    for each in list(given) if isinstance(given, Array) else [given] if given is not None else []:
        if isinstance(each, Dictionary) and each.get("/O") == Name.Table:
            return each
    made = Dictionary(O=Name.Table)
    if given is None:
        element.A = Array([made])
    else:
        element.A = Array([*(given if isinstance(given, Array) else [given]), made])
    # What is put into a PDF is copied: give back the copy inside it.
    return element.A[len(element.A) - 1]


def _names_headers(element: Any, identifiers: list[str]) -> None:
    attributes = _attributes(element)
    known = [str(each) for each in attributes.get("/Headers", Array([]))]
    attributes.Headers = Array([String(each) for each in [*known, *(i for i in identifiers if i not in known)]])


def _remember(pdf: pikepdf.Pdf, names: dict[str, Any]) -> None:
    """Enter new IDs into the structure tree's name tree, in the order that a name tree needs."""
    root = pdf.Root.StructTreeRoot
    entries: dict[bytes, Any] = {}
    if "/IDTree" in root:
        entries = dict(_entries(root.IDTree))
    for identifier, element in names.items():
        entries[identifier.encode()] = element
    pairs: list[Any] = []
    for key in sorted(entries):
        pairs += [String(key.decode("latin-1")), entries[key]]
    limits = [String(min(entries).decode("latin-1")), String(max(entries).decode("latin-1"))]
    leaf = Dictionary(Names=Array(pairs), Limits=Array(limits))
    root.IDTree = pdf.make_indirect(Dictionary(Kids=Array([pdf.make_indirect(leaf)])))


def _entries(node: Any) -> Iterator[tuple[bytes, Any]]:
    flat = list(node.get("/Names", Array([])))
    for key, each in zip(flat[::2], flat[1::2], strict=True):
        yield bytes(key), each
    for kid in node.get("/Kids", Array([])):
        yield from _entries(kid)

"""Tables as spreadsheets in which no cell is a formula.

A reviewer's comment that begins with ``=`` must not run on the editor's computer: such cells are
neutralised with an apostrophe, in CSV and XLSX alike (TRUST 11).
"""

from __future__ import annotations

import csv as _csv
import io
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime

import xlsxwriter

from document.characters import clean

#: First characters that make a program calculate; their full-width and small forms are folded by some.
DANGEROUS = frozenset("=+-@\t\r\n|%＝＋－＠﹢﹣﹦﹫−")
#: Letters without a shape, which are letters all the same to Unicode.
_FILLERS = frozenset("\u034f\u115f\u1160\u3164\uffa0")
#: Where a program that divides cells by semicolons or tabs, as in half of Europe, sees the next one begin:
#: quotation marks do not hold what does not begin with them.
_DIVIDER = re.compile(r"(?<=[;\t\r\n])(?=[^;\t\r\n])")
#: Excel's limit for one cell, in characters.
CELL = 32_767

Row = Sequence[object]
Value = str | int | float | datetime | date | None


def neutralise(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    text = "" if value is None else clean(str(value))
    return f"'{text}" if text[:1] in ("\t", "\r", "\n") or _begins_dangerously(text) else text


def _begins_dangerously(text: str) -> bool:
    """Whether the first character that is seen makes a program calculate: some skip what stands before it."""
    return next((char for char in text if not _is_skipped(char)), "") in DANGEROUS


def _is_skipped(char: str) -> bool:
    return unicodedata.category(char)[0] in "ZC" or char in _FILLERS


def _divided(value: Value) -> Value:
    """Text whose every part would be harmless as a cell of its own."""
    if not isinstance(value, str):
        return value
    parts = enumerate(_DIVIDER.split(value))
    # A pair of quotation marks is nothing to who divides there.
    return "".join(f"'{part}" if at and _begins_dangerously(part.replace('"', "")) else part for at, part in parts)


def _plain(value: object) -> Value:
    """Numbers and dates stay what they are; all else is neutralised text."""
    if value is None or (isinstance(value, int | float | datetime | date) and not isinstance(value, bool)):
        return value
    return neutralise(value)


def csv(rows: Sequence[Row]) -> bytes:
    """CSV in UTF-8 with a byte-order mark (Excel needs it), commas and CRLF; the first row is the head."""
    out = io.StringIO(newline="")
    writer = _csv.writer(out, quoting=_csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_iso(_divided(_plain(value))) for value in row])
    return "\ufeff".encode() + out.getvalue().encode()


def _iso(value: Value) -> object:
    return value.isoformat() if isinstance(value, date) else "" if value is None else value


def xlsx(rows: Sequence[Row], *, title: str = "", widths: Sequence[float] = ()) -> bytes:
    """An XLSX workbook of one sheet; the first row is the head, repeated and filtered.

    ``widths`` are columns' widths in characters; without them they follow the text. The properties
    name nobody, and the time is fixed, so that the same rows give the same bytes.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": clean(title), "author": "", "created": datetime(1980, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet()
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E3EEF2"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    for y, row in enumerate(rows):
        for x, each in enumerate(row):
            value = _plain(each)
            if isinstance(value, datetime):
                sheet.write_datetime(y, x, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(y, x, datetime.combine(value, datetime.min.time()), day)
            elif isinstance(value, str):
                sheet.write_string(y, x, value[:CELL], head if y == 0 else text)
            elif value is not None:
                sheet.write_number(y, x, value, text)
    for x, width in enumerate(widths or _widths(rows)):
        sheet.set_column(x, x, width)
    if rows:
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(0, len(rows) - 1), max(0, len(rows[0]) - 1))
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    book.close()
    return out.getvalue()


def _widths(rows: Sequence[Row]) -> list[float]:
    """As wide as the longest text of a column, between 8 and 48 characters."""
    count = max((len(row) for row in rows), default=0)
    lengths = [[len(str(row[x])) for row in rows if x < len(row) and row[x] is not None] for x in range(count)]
    return [float(min(48, max(8, *each, 8) + 2)) for each in lengths]

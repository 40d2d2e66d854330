"""No cell of a table that we write is a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from document import spreadsheet
from document.spreadsheet import neutralise

LIVE = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "\u200b=cmd|' /C calc'!A0",
    "\u3000=1",
    "\u180e=1",
    " \t =1",
    "\u034f@x",
]


@pytest.mark.parametrize("text", LIVE)
def test_what_begins_like_a_formula_is_neutralised(text):
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "plain", "3-4", "a=b", "'quoted", "é", "1,200"])
def test_other_text_stays_as_it_is(text):
    assert neutralise(text) == text


def test_nothing_is_an_empty_cell():
    assert neutralise(None) == ""


@given(st.text())
def test_no_text_ever_begins_dangerously(text):
    assert neutralise(text)[:1] not in set("=+-@\t\r＝＋－＠")


def test_csv_is_utf8_with_a_mark_quoted_and_neutral():
    data = spreadsheet.csv([["Número", "b"], ["=1+1", 'say "hi"\nthere'], [3, None]])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["Número", "b"], ["'=1+1", 'say "hi"\nthere'], ["3", ""]]


@pytest.mark.parametrize("text", ["a;=1+1", "a\t=1+1", "a\n- b", 'a";=1+1', 'a;"=1+1";b', "a; ＝1", "a\r\n\t@x"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_of_a_csv_is_live_however_a_program_divides_it(text, delimiter):
    """Excel in German, French and other languages reads semicolons, and takes commas for text."""
    data = spreadsheet.csv([["a", "b"], [text, text]]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(data, newline=""), delimiter=delimiter):
        for cell in row:
            assert cell.lstrip()[:1] not in set("=+-@＝"), cell


def test_a_workbook_holds_text_numbers_and_dates_and_no_formula():
    rows = [
        ["A", "B", "C"],
        ["=1+1", 4, date(2026, 3, 1)],
        ["https://example.org/", None, datetime(2026, 3, 1, 9, tzinfo=UTC)],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(spreadsheet.xlsx(rows, title="Comments"))).active
    assert sheet["A2"].value == "'=1+1" and sheet["A2"].data_type == "s"
    assert sheet["B2"].value == 4 and sheet["C2"].value == datetime(2026, 3, 1)
    assert sheet["C3"].value == datetime(2026, 3, 1, 9)
    assert sheet["A3"].hyperlink is None and sheet.freeze_panes == "A2"


@given(
    st.lists(
        st.lists(st.one_of(st.text(), st.integers(-(10**9), 10**9), st.none()), min_size=1, max_size=3), max_size=4
    )
)
def test_no_workbook_has_a_formula(rows):
    with zipfile.ZipFile(io.BytesIO(spreadsheet.xlsx(rows))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_workbook_names_nobody_and_is_the_same_bytes_each_time():
    first, second = (spreadsheet.xlsx([["a"], ["b"]], title="T") for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        properties = archive.read("docProps/core.xml")
    assert b"<dc:creator></dc:creator>" in properties and b"1980-01-01" in properties


def test_a_cell_longer_than_excel_allows_is_cut():
    sheet = openpyxl.load_workbook(io.BytesIO(spreadsheet.xlsx([["x" * 40_000]]))).active
    assert len(sheet["A1"].value) == spreadsheet.CELL

"""What is seen of a line and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from document.characters import seen, shorten, unseen


@pytest.mark.parametrize(
    "line",
    ["Ann", "José Ñandú", "O’Brien-Łoś", "می‌خواهم", "क्‍ष", "中文", "שלום", "Ann 👩‍💻", "a + b = c", ""],
)
def test_a_line_that_people_can_read_hides_nothing(line: str) -> None:
    assert unseen(line) == ""
    assert seen(line) == line


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Ann\u202egnp", "Anngnp"),
        ("A\u200bnn", "Ann"),
        ("A\u200dnn", "Ann"),
        ("\u200cAnn", "Ann"),
        ("\ufeffAnn\u2060", "Ann"),
        ("Ann\x00\x1b[31m", "Ann[31m"),
        ("Ann\r\nBcc: x", "Ann Bcc: x"),
        ("Ann\u2066\u2069\u061c", "Ann"),
        ("A\u00adnn\u3164", "Ann"),
        ("Ann\U000e0041", "Ann"),
        ("क\u200d\u200dष", "कष"),
    ],
)
def test_what_hides_is_found_and_taken_out(line: str, left: str) -> None:
    assert unseen(line)
    assert seen(line) == left


@given(st.text(), st.integers(2, 60))
def test_it_fits_in_one_line_and_is_the_beginning(text: str, limit: int) -> None:
    told = shorten(text, limit)
    line = " ".join(text.replace("\ufffc", " ").split())
    assert len(told) <= limit and len(told.splitlines()) <= 1
    assert told == line or (told.endswith("…") and line.startswith(told[:-1]))


def test_it_is_cut_at_a_word() -> None:
    assert shorten("From the advertisement to the locked door", 40) == "From the advertisement to the locked…"
    assert shorten("Data, privacy, and more", 15) == "Data, privacy…"
    assert shorten("Donaudampfschifffahrt", 10) == "Donaudamp…", "one long word has no other place"

"""Drafts that would use up a converter are refused before one is started."""

from __future__ import annotations

import time

import pytest

from bench.hostile import documents
from document import importing, sandbox
from document.importing import Refused, bounds
from document.uploads import check_archive
from tests.unit.document.test_importing_hostile import docx

SLOW = {
    "tables 200 deep": "depth",
    "tables 5000 deep": "depth",
    "200,000 runs": "words",
    "60,000 paragraphs": "words",
    "stars": "signs",
    "open brackets": "open",
    "brackets and parentheses": "open",
    "a link to itself": "signs",
    "quotes in quotes": "depth",
    "lists in lists": "depth",
    "backticks": "signs",
    "a table of many rows": "lines",
    "links without end": "open",
    "one line of 19 MB": "words",
}


@pytest.fixture(scope="module")
def files() -> dict[str, tuple[str, bytes]]:
    """The bench's hostile drafts: name of the attack → name of the file, bytes."""
    made = (documents.xml, documents.markdown, documents.texts)
    return {name: (file, data) for make in made for name, file, data in make("http://127.0.0.1:9/")}


@pytest.fixture
def no_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_words: object, **_limits: object) -> None:
        raise AssertionError("a converter was started")

    monkeypatch.setattr(sandbox, "run", started)


@pytest.mark.usefixtures("no_converter")
@pytest.mark.parametrize("name", SLOW)
def test_what_would_take_long_is_refused_before(files: dict[str, tuple[str, bytes]], name: str) -> None:
    file, data = files[name]
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        importing.read(data, file, "bounds")
    assert refused.value.code == SLOW[name]
    assert time.process_time() - began < 2


def test_an_ordinary_table_list_and_quotation_of_markdown_pass() -> None:
    rows = "|a|b|\n|-|-|\n" + "|*x*|[y](https://a.example/)|\n" * 1000
    nested = "".join(f"{'  ' * level}- item\n" for level in range(12))
    bounds.check_markdown(f"{rows}\n{nested}\n> > > quoted\n\n```\n[[[ ((( <<< ***\n```\n" + "word " * 100_000)


def test_words_are_counted_in_all_parts_of_a_file() -> None:
    half = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>".format("w " * (bounds.MOST_WORDS // 2 + 1))
    notes = f'<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{half}</w:footnotes>'
    bounds.check_office(check_archive(docx(half)))
    with pytest.raises(Refused) as refused:
        bounds.check_office(check_archive(docx(half, **{"word/footnotes.xml": notes})))
    assert refused.value.code == "words"


def test_text_that_cannot_be_parsed_is_left_to_the_reader() -> None:
    bounds.check_office(check_archive(docx("<w:p><w:r>")))

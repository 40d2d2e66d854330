"""The PDF: valid, tagged, reproducible, and whatever the text holds."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from functools import cache

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings

from document import pdfcheck, pdfstructure, tree, typst
from document.assembly import assemble
from document.publication import SectionText
from document.typst import fonts
from document.typst.code import array, call, content, string
from document.typst.inline import locale
from tests.factories import publication as sample
from tests.factories.documents import (
    bullets,
    cell,
    doc,
    documents,
    figure,
    footnote,
    heading,
    item,
    link,
    p,
    quote,
    recommendation,
    row,
    table,
    th,
)

fonts_built = pytest.mark.skipif(not any(fonts.FOLDER.glob("*.ttf")), reason="fonts are not built: make build")
pytestmark = fonts_built


def made(publication=None, *, cite=False) -> bytes:
    return typst.pdf(assemble(publication or sample.publication(), cite=cite))


@pytest.fixture(scope="module")
def whole() -> bytes:
    return made(cite=True)


@cache
def opened(data: bytes) -> pikepdf.Pdf:
    """Kept open: its objects live as long as it does."""
    return pikepdf.open(io.BytesIO(data))


def elements(data: bytes, kind: str) -> list[pikepdf.Dictionary]:
    root = opened(data).Root.StructTreeRoot
    return [each for each in pdfstructure.elements(root) if each.get("/S") == kind]


# --- literals


def test_nothing_in_a_string_is_code():
    assert string('a "b" \\ #c') == '"a \\"b\\" \\\\ #c"'


def test_line_ends_and_controls_become_spaces():
    assert string("a\nb\x00c") == '"a b c"'


def test_calls_arrays_and_content_take_values():
    assert call("f", 1, True, None, "x", above_it="y") == 'f(1, true, none, "x", above-it: "y")'
    assert array([1]) == "(1, )" and content([string("a"), string("b")]) == '[#{"a"; "b"}]'


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("en", ("en", "")), ("pt-BR", ("pt", "BR")), ("zh-Hant-TW", ("zh", "TW")), ("x-klingon", ("", ""))],
)
def test_language_tags_become_language_and_region(tag, expected):
    assert locale(tag) == expected


# --- characters


def test_what_no_font_shows_is_written_as_its_code_point():
    assert fonts.showable("a\U0001f600b") == "a[U+1F600]b"
    assert fonts.missing("a\U0001f600é") == {"\U0001f600"}


def test_scripts_of_the_brief_are_shown():
    words = "Straße, Őrség, Україна, Ελληνικά, Tiếng Việt, عربي فارسی, עברית, हिन्दी, ∑ ≤ €"
    assert fonts.showable(words) == words


# --- the whole


def test_the_sample_is_fit_for_everyone_and_the_archive(whole):
    assert pdfcheck.check(whole, names=["Okafor", "Lindqvist", "Haddad"]) == []


def test_it_is_the_same_bytes_each_time(whole):
    assert made(cite=True) == whole


def test_it_says_title_language_and_publishers(whole):
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo["/Title"]) == "A policy brief set as a long read"
        assert "First Organisation" in str(pdf.docinfo["/Author"])
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260301093000")


def test_row_headers_are_header_cells_and_name_their_cells(whole):
    heads = [(str(each.A[0].Scope), str(each.ID)) for each in elements(whole, "/TH")]
    assert heads == [
        ("/Column", "U1x0y0"),
        ("/Column", "U1x1y0"),
        ("/Column", "U1x2y0"),
        ("/Row", "R0x0y1"),
        ("/Row", "R0x0y2"),
    ]
    data = elements(whole, "/TD")
    assert [str(each) for each in data[0].A[0].Headers] == ["U1x1y0", "R0x0y1"]


def test_pictures_notes_quotations_and_lists_are_tagged(whole):
    (picture,) = elements(whole, "/Figure")
    assert str(picture.Alt).startswith("Bar chart")
    for kind, count in (("/Note", 1), ("/BlockQuote", 1), ("/H1", 5), ("/H2", 1), ("/H3", 1)):
        assert len(elements(whole, kind)) == count, kind
    assert len(elements(whole, "/L")) >= 4


def test_other_languages_are_marked(whole):
    streams = b"".join(sheet.Contents.read_bytes() for sheet in opened(whole).pages)
    assert set(re.findall(rb"/Lang ?\((\w+)\)", streams)) >= {b"fr", b"ar", b"ru"}


def test_a_note_style_makes_notes_of_citations():
    data = made(sample.publication(style="chicago-notes-bibliography"), cite=True)
    assert len(elements(data, "/Note")) == 3 and pdfcheck.check(data) == []


def test_a_brief_from_right_to_left():
    section = SectionText("s", "عنوان", doc(p("نص قصير."), recommendation("other", "", p("توصية"))), language="ar")
    data = made(sample.publication(title="موجز", language="ar", sections=(section,), subtitle="", summary=""))
    assert pdfcheck.check(data) == []


def test_a_section_from_right_to_left_has_its_numbers_on_its_own_side() -> None:
    """Read back by poppler, where it is installed: in the words they could not be read."""
    program = shutil.which("pdftotext")
    if not program:
        pytest.skip("poppler-utils is not installed")
    sections = tuple(
        SectionText(name, name, doc(p(name + "words"), quote(p(name + "quoted"))), language=language)
        for name, language in (("here", "en"), ("there", "ar"))
    )
    data = made(sample.publication(language="en", sections=sections))
    shown = subprocess.run([program, "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    found = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(\w+)<', shown)
    placed = [(word, *map(float, box)) for *box, word in found]

    def number_of(wanted: str) -> tuple[float, float, float, float]:
        """Where the number on the line of a word begins and ends, and where the word does."""
        low, top, high = next(box for word, *box in placed if word == wanted)
        return next((a, b, low, high) for word, a, y, b in placed if word.isdigit() and abs(y - top) < 8)

    for word in ("herewords", "herequoted"):
        _begins, ends, low, _high = number_of(word)
        assert ends < low
    for word in ("therewords", "therequoted"):
        begins, _ends, _low, high = number_of(word)
        assert begins > high


def test_the_title_of_a_section_from_right_to_left_stands_at_the_right() -> None:
    """Read back by poppler, where it is installed; Latin letters, because it turns Arabic ones round."""
    program = shutil.which("pdftotext")
    if not program:
        pytest.skip("poppler-utils is not installed")
    sections = tuple(
        SectionText(name, name, doc(p("one")), language=language)
        for name, language in (("Leftmost", "en"), ("Rightmost", "ar"))
    )
    data = made(sample.publication(language="en", sections=sections))
    shown = subprocess.run([program, "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    width = float(re.findall(r'width="([\d.]+)"', shown)[0])
    # The last of each is the title itself: the contents, where both stand at the left, come first.
    places = {word: float(low) for low, word in re.findall(r'xMin="([\d.]+)"[^>]*>(Leftmost|Rightmost)<', shown)}
    assert places["Leftmost"] < width / 3 and places["Rightmost"] > width / 2


# --- what typst refuses


@pytest.mark.parametrize(
    "blocks",
    [
        [heading(4, "Deep first"), p("x"), heading(1, ""), heading(2, "Then")],
        [figure("chart", alt="", credit="")],
        [figure("gone", "A caption", credit="Alpha", licence="CC BY 4.0")],
        [figure("chart", decorative=True)],
        [p("Emoji 😀, private \ue000, bidi \u202etxet\u202c, joiner \u200d, soft\u00adhyphen")],
        [table("", row(cell("no header"), cell("at all")))],
        [table("t", row(th("a", rowspan=3), th("b")), row(cell("c", colspan=3)), row(cell("d")))],
        [table("t", row(th("a", footnote("in a header"))), *(row(cell(str(n))) for n in range(80)))],
        [bullets(item(p(""), bullets(item("deep"))))],
        [p(link(" ", "https://example.org/")), p(footnote())],
        [p()],
        [table("", row(th("alone")), row(cell("a"), cell("b")))],
        [heading(1, footnote("only a note")), heading(2, footnote()), p("after")],
        [heading(1, "0魩")],  # makes a stream that ends in a line end
    ],
)
def test_texts_that_need_care(blocks):
    data = made(sample.of(doc(*blocks)))
    rules = {each.rule for each in pdfcheck.check(data)}
    assert rules <= {"own-table-header"}


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(documents())
def test_any_document_becomes_a_valid_pdf(document):
    data = made(sample.of(document))
    rules = {each.rule for each in pdfcheck.check(data)}
    assert rules <= {"own-table-header"}


def test_words_survive_into_the_pdf(whole):
    """Read back by poppler, where it is installed."""
    program = shutil.which("pdftotext")
    if not program:
        pytest.skip("poppler-utils is not installed")
    shown = subprocess.run([program, "-", "-"], input=whole, capture_output=True, check=True).stdout.decode()
    shown = re.sub(r"\s+", " ", shown)
    for section in sample.publication().sections:
        for word in re.findall(r"[A-Za-z]{4,}", tree.text(section.doc)):
            assert word in shown
    assert "3f9a3f9a" in shown and "clay lamp" in shown


@fonts_built
def test_drawn_spaces_and_marks_that_no_font_shows_are_written_out() -> None:
    odd = "a\u1680b\u070fc\ufeffd\U000110bde\U00013430f"
    assert fonts.showable(odd) == "a[U+1680]b[U+070F]cd[U+110BD]e[U+13430]f"

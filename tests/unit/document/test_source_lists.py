"""The list of sources in every rendering, with real styles of each class: author and date, notes, numbers."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import zipfile

import pytest
from lxml import etree

from document import csl
from document.assembly import Assembly, assemble
from document.html import Context, render_bibliography, render_section
from document.pandoc import epub
from document.publication import Publication
from document.typst import pdf
from document.typst.emit import emit
from document.word import Wrapping, docx, draft
from tests.factories import publication as sample
from tests.factories.documents import cite, doc, p, text

#: As cited, and as their authors stand in the alphabet: Gamma Network, Haddad, Okafor.
CITED = doc(p("One ", cite("alpha2024"), " two ", cite("gamma"), " three ", cite("beta2019", locator="p. 46")))
AS_CITED, ALPHABETIC = ["alpha2024", "gamma", "beta2019"], ["gamma", "beta2019", "alpha2024"]
ORDERS = {"chicago-author-date": ALPHABETIC, "oscola": ALPHABETIC, "ieee": AS_CITED}
SOURCES = {
    **sample.SOURCES,
    "alpha2024": {**sample.SOURCES["alpha2024"], "URL": "https://example.org/reports/recruitment"},
    "gamma": {
        **sample.SOURCES["gamma"],
        "URL": "https://example.org/notes%20a?b=%C3%A9",
        "custom": {
            "text-directive": "text=in%20three%20years,-x",
            "archive": "https://archive.example/1/https://example.org/notes",
            "interest": "sells the service it describes",
        },
    },
}


def publication(style: str) -> Publication:
    return sample.of(CITED, style=style, sources={key: csl.outward(item) for key, item in SOURCES.items()})


def order(words: str) -> list[str]:
    """Which source comes when, by words of its title in the list."""
    words = re.sub(r"\s+", " ", words)
    marks = {"gamma": "Notes for help lines", "beta2019": "Help lines and trust", "alpha2024": "Recruitment by message"}
    places = {key: words.lower().rfind(mark.lower()) for key, mark in marks.items()}
    assert all(place >= 0 for place in places.values()), words
    return sorted(places, key=lambda key: places[key])


def page(style: str) -> str:
    shown = str(render_bibliography(Context(assemble(publication(style)))))
    return html.unescape(re.sub("<[^>]+>", "", shown))


def docx_words(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        root = etree.fromstring(opened.read("word/document.xml"))
    return "\n".join("".join(paragraph.itertext()) for paragraph in root.iter("{*}p"))


def epub_words(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        pages = [opened.read(name).decode() for name in sorted(opened.namelist()) if name.endswith(".xhtml")]
    return html.unescape(re.sub("<[^>]+>", "", "\n".join(pages)))


def typst_words(source: str) -> str:
    return " ".join(re.findall(r'"((?:[^"\\\\]|\\\\.)*)"', source))


@pytest.mark.parametrize("style", ORDERS)
def test_the_order_is_the_styles_in_every_format(style: str) -> None:
    shown = assemble(publication(style))
    assert [entry.key for entry in shown.sources()] == ORDERS[style]
    written = {
        "page": page(style),
        "print": typst_words(emit(shown).main),
        "word": docx_words(docx(shown)),
        "book": epub_words(epub(shown)),
    }
    assert {name: order(words) for name, words in written.items()} == dict.fromkeys(written, ORDERS[style])


def test_numbers_stand_apart_from_what_they_count() -> None:
    assert re.search(r"^\[1\] A\. Okafor", page("ieee"))


@pytest.mark.parametrize("style", ORDERS)
def test_links_lead_to_the_cited_words_in_every_format(style: str) -> None:
    """The address as it is shown and the directive in the link: both letter by letter."""
    shown = assemble(publication(style))
    whole = "https://example.org/notes%20a?b=%C3%A9#:~:text=in%20three%20years,-x"
    with zipfile.ZipFile(io.BytesIO(docx(shown))) as opened:
        links = opened.read("word/_rels/document.xml.rels").decode()
        notes = "word/_rels/footnotes.xml.rels"
        links += opened.read(notes).decode() if notes in opened.namelist() else ""
    with zipfile.ZipFile(io.BytesIO(epub(shown))) as opened:
        book = "".join(opened.read(name).decode() for name in opened.namelist() if name.endswith(".xhtml"))
    assert f'"{html.escape(whole)}"' in str(render_bibliography(Context(shown)))
    assert whole in html.unescape(links) and whole in html.unescape(book)
    assert whole in emit(shown).main
    assert "text=in" not in page(style), "the directive is for the link, not for the eye"


def test_an_archived_copy_and_an_interest_are_told_after_the_entry() -> None:
    shown = page("chicago-author-date")
    assert "Archived copy. Declared interest: sells the service it describes." in shown
    (link,) = re.findall(
        r'href="(https://archive[^"]+)"', str(render_bibliography(Context(assemble(publication("apa")))))
    )
    assert link == "https://archive.example/1/https://example.org/notes"


PRIVATE = {
    "id": "file7",
    "type": "report",
    "title": "Interviews at the border",
    "author": [{"literal": "Open Harbour"}],
    "issued": {"date-parts": [[2025]]},
    "URL": "https://intranet.example/secret.pdf",
    "DOI": "10.1000/secret",
    "note": "kept at secret.example",
    "abstract": "secret",
    "custom": {
        "unpublished": True,
        "archive": "https://archive.example/secret",
        "text-directive": "text=secret",
        "quoted": "secret words",
        "reliability": "low",
    },
}


def test_an_unpublished_source_is_offered_on_request_and_leads_nowhere() -> None:
    given = sample.of(doc(p("One ", cite("file7"))), sources={"file7": csl.outward(PRIVATE)})
    shown = assemble(given)
    with zipfile.ZipFile(io.BytesIO(docx(shown))) as opened:
        word = "".join(opened.read(name).decode("utf-8", "replace") for name in opened.namelist())
    with zipfile.ZipFile(io.BytesIO(epub(shown))) as opened:
        book = "".join(opened.read(name).decode("utf-8", "replace") for name in opened.namelist())
    listed = str(render_bibliography(Context(shown)))
    assert "Unpublished, available on request." in listed and "Interviews at the Border" in listed
    for written in (listed, word, book, emit(shown).main):
        assert "secret" not in written and "intranet" not in written


def test_judgements_stay_inside() -> None:
    public = {**PRIVATE, "custom": {"reliability": "low", "distance": "secondary", "quoted": "x"}}
    assert "custom" not in csl.outward(public)
    assert csl.outward({"title": "A"}) == {"title": "A"}


def test_nobody_brings_such_fields_from_outside() -> None:
    assert csl.checked({"title": "A", "custom": {"unpublished": True}}) == {"title": "A"}


def test_no_link_stands_inside_another() -> None:
    """A note names source and address: the first words lead to the list, the address to its page."""
    shown = assemble(publication("oscola"))
    page = str(render_section(shown.publication.sections[0], Context(shown)))
    assert re.search(r'href="https://example.org/notes%20a[^"]*in%20three%20years,-x"', page)
    assert not re.search(r"<a [^>]*>(?:(?!</a>).)*<a ", page)
    assert '<a href="#source-gamma">' in page


def test_the_print_itself_lists_them_so() -> None:
    """Read back from the PDF by poppler, where it is installed."""
    program = shutil.which("pdftotext")
    if not program:
        pytest.skip("poppler-utils is not installed")
    content = pdf(assemble(publication("ieee")))
    words = subprocess.run([program, "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    assert order(words) == ORDERS["ieee"]
    assert "Archived copy." in words and "[1] A. Okafor" in re.sub(r"\s+", " ", words)


#: Typed with a blank before each citation, as one writes for a style that shows them in brackets.
TYPED = doc(p("Some ", text("words ", "em"), cite("gamma"), " and two ", cite("alpha2024"), " ", cite("beta2019"), "."))


def test_a_notes_mark_stands_right_behind_its_word() -> None:
    """Two marks stand apart: 1 and 2 are not 12."""
    noted = typed("oscola")
    assert re.search(r"Some words1 and two2 3\.", epub_words(epub(noted)))
    assert "Some words and two ." in docx_words(docx(noted))
    source = emit(noted).main
    assert '"words"' in source and '" and two"' in source and '"words "' not in source


def test_a_page_keeps_what_it_does_not_show() -> None:
    """Comments count characters: a blank that a reader does not see stays where it is."""
    noted = Context(typed("oscola"))
    shown = str(render_section(noted.assembly.publication.sections[0], noted))
    assert '<em>words<span class="before-note"> </span></em><sup' in shown
    assert ' and two<span class="before-note"> </span><sup' in shown and "</sup> <sup" in shown


def test_a_citation_in_brackets_keeps_its_blank() -> None:
    shown = typed("chicago-author-date")
    assert "Some words (" in epub_words(epub(shown))
    assert "before-note" not in render_section(shown.publication.sections[0], Context(shown))


def test_a_draft_keeps_its_words_as_they_were_typed() -> None:
    assert "Some words  and two  ." in docx_words(draft(typed("oscola"), wrapping=Wrapping("", "", "")).content)


def typed(style: str) -> Assembly:
    return assemble(sample.of(TYPED, style=style, sources=dict(sample.SOURCES)))

"""pandoc's tree and the e-book: structure, cleanness, the same bytes, and whatever the text holds."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from document import sandbox, tree, zips
from document.assembly import assemble
from document.pandoc import epub
from document.pandoc.whole import identifier, whole
from document.publication import SectionText
from document.word import docx
from tests.factories import publication as sample
from tests.factories.documents import doc, documents, p

XHTML = {"h": "http://www.w3.org/1999/xhtml"}
PEOPLE = ("Okafor", "Lindqvist", "Haddad")


@pytest.fixture(scope="module")
def book() -> dict[str, bytes]:
    return zips.read(epub(assemble(sample.publication())))


# --- the tree


def test_there_are_no_raw_blocks_and_no_addresses_of_files():
    tree_json = json.dumps(whole(assemble(sample.publication()), "epub"))
    assert "Raw" not in tree_json
    assert set(re.findall(r'"(data:image/png|/[^"]*\.png)', tree_json)) == {"data:image/png"}


@pytest.mark.parametrize("target", ["docx", "epub"])
@settings(deadline=None, max_examples=60)
@given(document=documents())
def test_any_document_becomes_a_tree_that_keeps_its_words(target, document):
    made = whole(assemble(sample.of(document), cite=False), target)
    words = re.findall(r'"t": "Str", "c": "((?:[^"\\]|\\.)*)"', json.dumps(made, ensure_ascii=False))
    shown = "".join(json.loads(f'"{word}"') for word in words)
    for node in tree.walk(document):
        if node["type"] == "text":
            assert re.sub(r"[\s]", "", node["text"].replace(" ", "")) in re.sub(r"\s", "", shown)


# --- the e-book


def test_the_book_begins_with_its_type_uncompressed():
    with zipfile.ZipFile(io.BytesIO(epub(assemble(sample.publication())))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read(first) == b"application/epub+zip"


def test_the_book_names_itself_its_language_and_publishers(book):
    package = book["EPUB/content.opf"].decode()
    assert identifier(sample.publication()) in package
    assert "<dc:language>en</dc:language>" in package and "Second Organisation" in package
    assert "2026-03-01T09:30:00Z" in package
    assert "schema:accessibilityFeature" in package
    assert not any(person in package for person in PEOPLE)


def test_another_content_is_another_book():
    assert identifier(sample.publication()) != identifier(sample.publication(content_hash="00" * 32))


def test_every_page_of_the_book_says_language_and_title(book):
    pages = [etree.fromstring(data) for name, data in book.items() if name.endswith(".xhtml")]
    assert len(pages) >= 5
    for page in pages:
        assert page.get("lang") == "en"
        assert not page.findtext(".//h:title", namespaces=XHTML).endswith(".xhtml")


def test_the_book_has_navigation_alt_texts_header_cells_and_notes(book):
    nav = etree.fromstring(book["EPUB/nav.xhtml"])
    assert [each.text for each in nav.iterfind(".//h:nav/h:ol/h:li/h:a", XHTML)][:2] == [
        "What has changed",
        "Risks and answers",
    ]
    first = etree.fromstring(book["EPUB/text/ch001.xhtml"])
    assert first.find(".//h:img", XHTML).get("alt").startswith("Bar chart")
    assert [each.get("scope") for each in first.iterfind(".//h:th", XHTML)] == ["col"] * 3 + ["row"] * 2
    assert first.find(".//h:aside", XHTML) is not None


def test_links_inside_the_book_lead_somewhere(book):
    pages = {name: etree.fromstring(data) for name, data in book.items() if name.endswith(".xhtml")}
    for name, page in pages.items():
        for url in page.xpath("//h:a/@href", namespaces=XHTML):
            if url.startswith(("http", "mailto")):
                continue
            file, _, fragment = url.partition("#")
            target = pages[f"{name.rpartition('/')[0]}/{file}" if file else name] if "/" not in file else None
            if target is not None and fragment:
                assert target.xpath(f"//*[@id='{fragment}']"), url


def test_the_book_is_the_same_bytes_each_time():
    made = assemble(sample.publication())
    assert epub(made) == epub(made)


# --- both


@pytest.mark.parametrize("write", [docx, epub])
def test_a_text_from_right_to_left(write):
    section = SectionText("s", "عنوان", doc(p("نص")), language="ar")
    assert write(assemble(sample.publication(language="ar", title="موجز", sections=(section,))))


@pytest.mark.parametrize("write", [docx, epub])
@settings(deadline=None, max_examples=6, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_any_document_becomes_well_formed_files(write, document):
    for name, data in zips.read(write(assemble(sample.of(document), cite=False))).items():
        if name.endswith((".xml", ".rels", ".xhtml", ".opf", ".ncx")):
            etree.fromstring(data, etree.XMLParser(huge_tree=True))


def test_a_failing_pandoc_is_an_error_with_a_sentence(monkeypatch):
    monkeypatch.setattr(sandbox, "pandoc_path", lambda: "/bin/false")
    with pytest.raises(sandbox.SandboxError) as caught:
        epub(assemble(sample.publication(), cite=False))
    assert caught.value.sentence

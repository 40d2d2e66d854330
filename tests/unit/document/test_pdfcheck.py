"""The checker finds what is wrong: tried on a sound PDF that is then broken, one thing at a time."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from document import pdfcheck, pdfstructure, typst
from document.assembly import assemble
from document.typst import fonts
from tests.factories import publication as sample

pytestmark = pytest.mark.skipif(not any(fonts.FOLDER.glob("*.ttf")), reason="fonts are not built: make build")


@pytest.fixture(scope="module")
def sound() -> bytes:
    return typst.pdf(assemble(sample.publication(), cite=False))


def broken(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> set[str]:
    """The rules that speak after a change."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return {finding.rule for finding in pdfcheck.check(out.getvalue(), names=["Okafor"])}


def elements(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    return [each for each in pdfstructure.elements(pdf.Root.StructTreeRoot) if each.get("/S") == kind]


def no_language(pdf):
    del pdf.Root.Lang


def no_structure(pdf):
    del pdf.Root.StructTreeRoot


def not_marked(pdf):
    pdf.Root.MarkInfo = Dictionary(Marked=False)


def no_alt(pdf):
    del elements(pdf, "/Figure")[0]["/Alt"]


def no_headers(pdf):
    for cell in elements(pdf, "/TH"):
        cell.S = Name.TD


def empty_link(pdf):
    elements(pdf, "/Link")[0].K = Array([])


def link_to_nowhere(pdf):
    page = next(each for each in pdf.pages if "/Annots" in each)
    annotation = next(each for each in page.Annots if each.Subtype == Name.Link)
    for key in ("/A", "/Dest"):
        if key in annotation:
            del annotation[key]


def author_in_metadata(pdf):
    pdf.docinfo["/Author"] = String("Ada Okafor")


def no_title(pdf):
    del pdf.docinfo["/Title"]
    pdf.Root.Metadata = pdf.make_stream(b"", Dictionary(Type=Name.Metadata, Subtype=Name.XML))


def a_script(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def encrypted_like(pdf):
    pdf.Root.AA = Dictionary()


def skipped_heading(pdf):
    for heading in elements(pdf, "/H2"):
        heading.S = Name.H4


def test_a_sound_pdf_has_no_findings(sound):
    assert pdfcheck.check(sound, names=["Okafor"]) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (no_language, "own-language"),
        (no_structure, "own-structure"),
        (no_alt, "own-figure-alt"),
        (no_headers, "own-table-header"),
        (empty_link, "own-empty-link"),
        (link_to_nowhere, "own-empty-link"),
        (author_in_metadata, "own-metadata"),
    ],
)
def test_what_others_pass_in_silence_is_found(sound, change, rule):
    assert rule in broken(sound, change)


@pytest.mark.parametrize(
    "change", [no_structure, not_marked, no_alt, no_title, a_script, encrypted_like, skipped_heading]
)
def test_what_the_standards_forbid_is_found(sound, change):
    assert any(rule.startswith("PDF") for rule in broken(sound, change))


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_said_to_be_unreadable(data):
    assert [finding.rule for finding in pdfcheck.check(data)][-1] == "unreadable"


def test_a_cut_pdf_is_a_finding_not_an_error(sound):
    assert pdfcheck.check(sound[: len(sound) // 2])

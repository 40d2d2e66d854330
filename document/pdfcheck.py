"""Is a PDF fit for everyone and for the archive?

The rules of PDF/UA-1 and PDF/A-2a are checked by the ``page`` library. What both the standards'
machine-checkable rules and typst pass in silence is checked here: no language, a table without
header cells, an empty link, a picture described by nothing, a person's name in the metadata.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import page
import pikepdf
from pikepdf import Array, Name

from document.pdfstructure import elements, kids

PROFILES = {"PDF/UA-1": page.ValidationProfile.PDF_UA_1, "PDF/A-2a": page.ValidationProfile.PDF_A_2A}


@dataclass(frozen=True)
class Finding:
    """What is wrong. ``rule`` is the library's identifier or one of ours (``own-…``)."""

    profile: str
    rule: str
    message: str


def check(data: bytes, *, names: Iterable[str] = ()) -> list[Finding]:
    """All findings for a PDF; an empty list is a pass. ``names`` must occur nowhere in its metadata.

    A file that is no PDF gives one finding, ``unreadable``.
    """
    findings: list[Finding] = []
    try:
        for name, profile in PROFILES.items():
            findings += _standard(data, name, profile)
        with pikepdf.open(io.BytesIO(data)) as pdf:
            findings += [Finding("own", rule, message) for rule, message in _own(pdf, tuple(names))]
    except (page.PageError, pikepdf.PdfError) as error:
        return [*findings, Finding("own", "unreadable", str(error))]
    return findings


def _standard(data: bytes, name: str, profile: page.ValidationProfile) -> list[Finding]:
    report = page.validate_pdf_bytes(data, profile=profile)
    found = [Finding(name, each.rule_id, each.message) for each in report.failures]
    if not report.is_compliant and not found:
        found.append(Finding(name, "not-compliant", "the file does not conform"))
    return found


def _own(pdf: pikepdf.Pdf, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    language = str(pdf.Root.get("/Lang", "")).strip()
    if not language:
        yield "own-language", "the document says no language"
    yield from _metadata(pdf, names)
    if "/StructTreeRoot" not in pdf.Root:
        yield "own-structure", "the document has no structure"
        return
    tables = 0
    for element in elements(pdf.Root.StructTreeRoot):
        kind = element.get("/S")
        if kind == Name.Table:
            tables += 1
            if not any(each.get("/S") == Name.TH for each in elements(element)):
                yield "own-table-header", f"table {tables} has no header cells"
        elif kind == Name.Link and not kids(element):
            yield "own-empty-link", "a link contains nothing"
        elif kind == Name.Figure and not str(element.get("/Alt", "")).strip():
            yield "own-figure-alt", "a figure has no alternative text"
    yield from _links(pdf)


def _metadata(pdf: pikepdf.Pdf, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    info = " ".join(str(each) for each in pdf.docinfo.values()) if pdf.trailer.get("/Info") else ""
    xmp = bytes(pdf.Root.Metadata.read_bytes()).decode("utf-8", "replace") if "/Metadata" in pdf.Root else ""
    for name in names:
        if name and name.casefold() in f"{info} {xmp}".casefold():
            yield "own-metadata", f"the metadata names {name}"


def _links(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    for number, sheet in enumerate(pdf.pages, start=1):
        for annotation in sheet.get("/Annots", Array([])):
            if annotation.get("/Subtype") != Name.Link:
                continue
            action = annotation.get("/A")
            address = str(action.get("/URI", "")) if action is not None else ""
            leads = "/Dest" in annotation or (action is not None and (address or "/D" in action))
            if not leads:
                yield "own-empty-link", f"a link on page {number} leads nowhere"

"""The parts of a Word file around its text: styles, settings, properties, head and foot of the page."""

from __future__ import annotations

import re
from functools import cache

from document import zips
from document.assembly import Assembly, direction
from document.characters import clean
from document.moments import moment
from document.word import names
from document.word.book import Book, Relations
from document.word.names import part, quoted, text
from document.word.reference import reference

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = {
    "document": f"{_MAIN}.document.main+xml",
    "styles": f"{_MAIN}.styles+xml",
    "settings": f"{_MAIN}.settings+xml",
    "numbering": f"{_MAIN}.numbering+xml",
    "footnotes": f"{_MAIN}.footnotes+xml",
    "fontTable": f"{_MAIN}.fontTable+xml",
    "footer1": f"{_MAIN}.footer+xml",
    "header1": f"{_MAIN}.header+xml",
    "comments": f"{_MAIN}.comments+xml",
    "commentsExtended": f"{_MAIN}.commentsExtended+xml",
    "commentsIds": f"{_MAIN}.commentsIds+xml",
    "theme/theme1": "application/vnd.openxmlformats-officedocument.theme+xml",
}
#: Relations of the document by its parts; what is newer than the standard has addresses of its own.
_KINDS = {
    "commentsExtended": "http://schemas.microsoft.com/office/2011/relationships/commentsExtended",
    "commentsIds": "http://schemas.microsoft.com/office/2016/09/relationships/commentsIds",
    "theme/theme1": "theme",
    "footer1": "footer",
    "header1": "header",
}
#: A4 with margins of 25 to 35 mm, in twentieths of a point.
_PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1588" w:right="1985" w:bottom="1588" w:left="2268" '
    'w:header="709" w:footer="709" w:gutter="0"/>'
)


@cache
def _given(language: str) -> dict[str, bytes]:
    """Parts of the reference document that every file has. Raises sandbox.SandboxError."""
    files = zips.read(reference())
    given = {name: files[name] for name in ("word/styles.xml", "word/theme/theme1.xml", "word/fontTable.xml")}
    said = f"w:val={quoted(language)}".encode()
    given["word/styles.xml"] = re.sub(rb'(<w:lang\b[^>]*?)w:val="[^"]*"', rb"\1" + said, given["word/styles.xml"])
    return given


def package(book: Book, body: str, assembly: Assembly, *, mark: str = "", foot: str = "") -> bytes:
    """The file: ``body`` are the paragraphs. A draft has a ``mark`` at the head of each page, a ``foot`` of
    its own instead of the edition, and goes on tracking changes."""
    publication = assembly.publication
    parts = dict(_given(publication.language or "en"))
    parts["word/numbering.xml"] = part("w:numbering", book.lists.xml())
    parts["word/footnotes.xml"] = book.footnotes()
    parts["word/settings.xml"] = _settings(tracking=bool(mark))
    parts["word/footer1.xml"] = part("w:ftr", _foot(assembly, foot))
    if mark:
        parts["word/header1.xml"] = part("w:hdr", _head(mark))
    if book.comments.written:
        parts |= book.comments.parts()
    stems = sorted(name.removeprefix("word/").removesuffix(".xml") for name in parts)
    named = {stem: book.relations.of(_KINDS.get(stem, stem), f"{stem}.xml") for stem in stems}
    parts["word/document.xml"] = part("w:document", f"<w:body>{body}{_section(assembly, named)}</w:body>")
    parts["word/_rels/document.xml.rels"] = book.relations.xml()
    if book.of_notes.known:
        parts["word/_rels/footnotes.xml.rels"] = book.of_notes.xml()
    parts |= book.pictures.files
    parts["docProps/core.xml"] = core_properties(assembly)
    parts["docProps/app.xml"] = _application()
    parts["_rels/.rels"] = _roots()
    parts["[Content_Types].xml"] = _content_types([*stems, "document"])
    return zips.write(parts)


def _section(assembly: Assembly, named: dict[str, str]) -> str:
    head = f'<w:headerReference w:type="default" r:id="{named["header1"]}"/>' if "header1" in named else ""
    # The confidentiality mark stands on the first page too, the foot does not.
    first = "<w:titlePg/>" if not head else ""
    bidi = "<w:bidi/>" if direction(assembly.publication.language) == "rtl" else ""
    foot = f'<w:footerReference w:type="default" r:id="{named["footer1"]}"/>'
    return f"<w:sectPr>{head}{foot}{_PAGE}{first}{bidi}</w:sectPr>"


def _settings(*, tracking: bool) -> bytes:
    track = "<w:trackRevisions/>" if tracking else ""
    notes = '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    level = '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    return part(
        "w:settings",
        f'<w:zoom w:percent="100"/>{track}<w:defaultTabStop w:val="720"/>{notes}{level}w:val="15"/></w:compat>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>',
    )


def _foot(assembly: Assembly, foot: str) -> str:
    """Publishers, edition and page number at the foot of every page but the first."""
    publication, labels = assembly.publication, assembly.labels
    edition = str(labels.edition).format(edition=publication.edition)
    words = clean(" · ".join([*publication.organisations, foot or edition]))
    return (
        '<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{text(words)}</w:t><w:tab/></w:r>'
        '<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'
    )


def _head(mark: str) -> str:
    words = text(clean(mark))
    return f'<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def core_properties(assembly: Assembly) -> bytes:
    """Title, publishers and language; no person, no program, no other time than the build's."""
    publication = assembly.publication
    at = moment(publication).strftime("%Y-%m-%dT%H:%M:%SZ")
    values = {
        "dc:title": publication.title,
        "dc:creator": "; ".join(publication.organisations),
        "dc:language": publication.language,
        "dc:description": publication.summary,
        "dc:identifier": publication.content_hash,
    }
    lines = [f"<{tag}>{text(clean(value))}</{tag}>" for tag, value in values.items() if value]
    lines += [f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{at}</dcterms:{name}>' for name in ("created", "modified")]
    spaces = (
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    return f"{_HEAD}<cp:coreProperties {spaces}>{''.join(lines)}</cp:coreProperties>".encode()


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _application() -> bytes:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return f'{_HEAD}<Properties xmlns="{space}"/>'.encode()


def _roots() -> bytes:
    found = Relations()
    found.of("officeDocument", "word/document.xml")
    found.of(f"{names.PACKAGE}/metadata/core-properties", "docProps/core.xml")
    found.of("extended-properties", "docProps/app.xml")
    return found.xml()


def _content_types(stems: list[str]) -> bytes:
    endings = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "jpeg": "image/jpeg",
    }
    rows = [f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in endings.items()]
    rows += [f'<Override PartName="/word/{stem}.xml" ContentType="{_TYPES[stem]}"/>' for stem in stems]
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    app = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    rows += [f'<Override PartName="/docProps/core.xml" ContentType="{core}"/>']
    rows += [f'<Override PartName="/docProps/app.xml" ContentType="{app}"/>']
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'{_HEAD}<Types xmlns="{space}">{"".join(rows)}</Types>'.encode()

"""Word, ODT and other archives, written by hand: each part can lie."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from document.sample import parts
from document.sample.parts import para, run

#: Path inside the archive → its content.
Parts = Mapping[str, str | bytes]
MAIN = f'<Relationship Id="rIdMain" Type="{parts.OFFICE}/officeDocument" Target="word/document.xml"/>'
WORDS = "Recruiters charge fees before departure, and again on arrival, and nobody writes them down."


def archive(files: Parts, *, stored: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def word(body: str, *, rows: str = "", more: Parts | None = None) -> bytes:
    """A Word file with this body; ``rows`` are relationships, ``more`` further parts by their path."""
    about = f'{parts.HEAD}<Relationships xmlns="{parts.PACKAGE}">'
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": parts.content_types(),
        "_rels/.rels": f"{about}{MAIN}</Relationships>",
        "word/_rels/document.xml.rels": f"{about}{rows}</Relationships>",
        "word/document.xml": f"{parts.HEAD}<w:document {parts.NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": parts.styles(),
        **(more or {}),
    }
    return archive(files)


def plain(*lines: str) -> str:
    """A heading and paragraphs."""
    return para(run("Fees"), style="Heading1") + "".join(para(run(line)) for line in (lines or (WORDS,)))


def linked(number: int, kind: str, target: str) -> str:
    """A relationship to somewhere outside."""
    about = f'Id="rId{number}" Type="{parts.OFFICE}/{kind}" Target="{escape(target, {chr(34): "&quot;"})}"'
    return f'<Relationship {about} TargetMode="External"/>'


def hyperlink(number: int, words: str) -> str:
    return f'<w:hyperlink r:id="rId{number}">{run(words)}</w:hyperlink>'


def commented(author: str, words: str) -> tuple[str, dict[str, str]]:
    """A paragraph with a comment, and the parts that a comment needs."""
    mark = '<w:commentRangeStart w:id="0"/>' + run(WORDS) + '<w:commentRangeEnd w:id="0"/>'
    named = escape(author, {'"': "&quot;"})
    comment = f'<w:comment w:id="0" w:author="{named}" w:date="2026-01-05T10:00:00Z">{para(run(words))}</w:comment>'
    comments = f"{parts.HEAD}<w:comments {parts.NAMESPACES}>{comment}</w:comments>"
    return para(mark + '<w:r><w:commentReference w:id="0"/></w:r>'), {"word/comments.xml": comments}


def odt(body: str, more: Parts | None = None) -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    content = f'{parts.HEAD}<office:document-content {names} office:version="1.2"><office:body><office:text>{body}'
    files: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"{content}</office:text></office:body></office:document-content>",
        "META-INF/manifest.xml": f'{parts.HEAD}<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        **(more or {}),
    }
    return archive(files, stored=("mimetype",))

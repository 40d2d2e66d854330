"""Web pages and texts saved as HTML: the text itself, without what a page has around it."""

from __future__ import annotations

import codecs
import re
from typing import Any

import lxml.html
from lxml import etree

from document.importing import bounds, embedded, languages
from document.importing.report import Report
from document.uploads import Refused

_CHARSET = re.compile(rb"charset=[\"']?\s*([A-Za-z0-9_-]{2,30})", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
#: Elements that never hold others, and those that end by themselves where the next begins.
_EMPTY = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"),
        *("wbr", "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "html", "head", "body"),
    )
)
#: A word longer than this is none.
_LONGEST = 20_000
#: What a page has around its text.
_AROUND = [
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "form",
    "iframe",
    "object",
    "button",
    "select",
    "svg",
    "canvas",
    "dialog",
]
#: A page's own head and foot; inside an article they belong to it.
_OUTER = ("header", "footer", "aside")


def pictures(data: bytes) -> dict[str, bytes]:
    """Name → content of each picture that the page holds itself."""
    return embedded.pictures(_decoded(data), "html")


def prepared(data: bytes, report: Report) -> bytes:
    """The page's text as HTML in UTF-8 for the converter; what stands around it is counted. Raises Refused."""
    text = embedded.named(_decoded(data), "html")
    check(text)
    try:
        page: Any = lxml.html.document_fromstring(
            text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Refused("no-text", "No text was found in the file.") from error
    found = page.xpath("//main") or page.xpath("//article")
    body = page.find("body")
    if len(found) == 1 and body is not None:
        outside = sum(1 for each in body if each is not found[0] and (each.text_content() or "").strip())
        for each in list(body):
            body.remove(each)
        body.append(found[0])
    else:
        outside = 0
    for name in (*_AROUND, *(() if len(found) == 1 else _OUTER)):
        for each in list(page.iter(name)):
            outside += bool((each.text_content() or "").strip())
            each.drop_tree()
    if outside:
        report.say("page-parts", count=outside)
    languages.on_spans(page)
    return bytes(lxml.html.tostring(page, encoding="utf-8"))


def check(text: str) -> None:
    """Refuse a page that is too long or too deep, before anything is built of it."""
    words = re.sub(r"<[^<>]*>", " ", text).split()
    bounds.check_words(len(words))
    if max(map(len, words), default=0) > _LONGEST:
        raise Refused("signs", "The file holds a word of more than 20,000 letters or signs.")
    level = 0
    for closing, name in _TAG.findall(text):
        if name.lower() in _EMPTY:
            continue
        level = max(0, level - 1) if closing else level + 1
        if level > bounds.MOST_LEVELS:
            raise bounds.too_deep()


def _decoded(data: bytes) -> str:
    """By its byte-order mark, else as it says itself, else UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        said = _CHARSET.search(data[:4000])
        encoding = said[1].decode() if said else "utf-8"
    try:
        codecs.lookup(encoding)
        return data.decode("utf-8-sig" if encoding.lower() == "utf-8" else encoding).replace("\x00", "")
    except (LookupError, UnicodeDecodeError) as error:
        raise Refused("encoding", "The text is not in Unicode. Save it as UTF-8 and try again.") from error

"""The languages of a web page's paragraphs, put where the converter reads them: on spans around words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from lxml import etree

from document.assembly import direction
from document.importing.inlines import LANGUAGE

#: Elements whose own words stand in lines.
_BLOCKS = frozenset(
    (
        *("p", "li", "dt", "dd", "td", "th", "caption", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("blockquote", "div", "section", "article", "main", "address", "header", "footer", "aside", "figure"),
    )
)
#: Elements that stand among words and hold others.
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins"),
        *("kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"),
        *("u", "var", "wbr"),
    )
)
_XML = "{http://www.w3.org/XML/1998/namespace}lang"


def on_spans(page: Any) -> None:
    """Words of a paragraph (item, cell, heading) in another language than the page are within a span that says so."""
    body = page.find("body")
    if body is None:
        return
    own = _said(body) or _said(page)
    spoken: dict[Any, str] = {}
    for element in body.iter(etree.Element):
        spoken[element] = _said(element) or spoken.get(element.getparent(), own)
    main = own or _most(spoken)
    for element in list(spoken):
        outer = spoken.get(element.getparent(), own)
        inline = element.tag in _INLINE and element.tag != "span" and spoken[element] != outer
        if inline or (element.tag in _BLOCKS and _differs(spoken[element], main)):
            _wrap(element, spoken[element])
        elif element.tag == "span" and _said(element) and not element.get("dir"):
            element.set("dir", direction(spoken[element]))


def _most(spoken: dict[Any, str]) -> str:
    """The language of most words, for a page that does not say its own."""
    lengths: Counter[str] = Counter()
    for element, tag in spoken.items():
        lengths[tag] += len((element.text or "").strip()) + sum(len((each.tail or "").strip()) for each in element)
    return max(lengths, key=lambda tag: lengths[tag], default="")


def _said(element: Any) -> str:
    tag = (element.get("lang") or element.get("xml:lang") or element.get(_XML) or "").strip()
    known = LANGUAGE.fullmatch(tag) and tag.split("-")[0].lower() not in ("x", "und", "zxx", "mul")
    return tag if known else ""


def _differs(tag: str, main: str) -> bool:
    return bool(tag) and tag.lower() != main.lower()


def _wrap(element: Any, tag: str) -> None:
    """Put each run of words and inline elements within a block into a span."""
    words, element.text = element.text or "", None
    runs: list[tuple[Any, str, list[Any]]] = [(None, words, [])]
    for child in list(element):
        if child.tag in _INLINE:
            runs[-1][2].append(child)
        else:
            runs.append((child, child.tail or "", []))
            child.tail = None
    for before, text, inside in runs:
        if not (text.strip() or inside):
            continue
        span = etree.SubElement(element, "span", {"lang": tag, "dir": direction(tag)})
        span.text = text
        if before is None:
            element.insert(0, span)
        else:
            before.addnext(span)
        span.extend(inside)

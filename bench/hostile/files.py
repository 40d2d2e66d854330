"""Files that carry payloads, and a look at HTML without a browser."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import lxml.html
from lxml import etree
from PIL import Image

from bench.hostile import office, payloads
from document.sample.parts import para, run

_RUNS = re.compile(r"^[\s\x00-\x20]*(?:javascript|vbscript|data\s*:\s*text)", re.IGNORECASE)
_LEADS = {"href", "src", "action", "formaction", "data", "{http://www.w3.org/1999/xlink}href", "srcdoc", "background"}
_ELEMENTS = {"script", "iframe", "object", "embed", "base", "applet", "frame"}


def drafts(number: int) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of drafts that are read: payloads as words, titles, links, comments, names."""
    evil = payloads.VECTORS[1].replace("%", str(number))
    text = payloads.value(number, 0).replace("\x0c", "")
    rows = office.linked(7, "hyperlink", "javascript:zz(1)") + office.linked(
        8, "hyperlink", f"https://a.example/{evil}"
    )
    commented, more = office.commented(text[:100], text)
    body = para(run(evil), style="Heading1") + para(run(text)) + commented
    body += para(office.hyperlink(7, text[:200]), office.hyperlink(8, "here"))
    yield f"{evil}.docx", office.word(body, rows=rows, more=more)
    markdown = f"# {evil}\n\n{text}\n\n[x](javascript:zz({number})) <img src=x onerror=zz({number})>\n\n"
    markdown += f"```{{=html}}\n<script>zz({number})</script>\n```\n\n![{evil}](javascript:zz({number}))\n"
    yield f"<img src=x onerror=zz({number})>.md", markdown.encode()
    yield f"'><svg onload=zz({number})>.txt", f"Fees\n\n{text}\n\n{office.WORDS}\n".encode()


def figures(number: int) -> Iterator[tuple[str, bytes, str]]:
    """(file name, content, type said) of pictures that are none, or are called something."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" onload="zz({number})"><script>zz({number})</script></svg>'.encode()
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    yield "a.svg", svg, "image/svg+xml"
    yield "a.png", svg, "image/png"
    yield f"<svg onload=zz({number})>.png", out.getvalue() + svg, "text/html"
    yield "a.html", f"<script>zz({number})</script>".encode(), "image/png"


def runs(content: str) -> list[str]:
    """Elements and attributes of an HTML text that would run something."""
    found = []
    for element in lxml.html.document_fromstring(content or "<p>").iter(etree.Element):
        if element.tag.rpartition("}")[2] in _ELEMENTS:
            found.append(element.tag)
        for name, value in element.attrib.items():
            if str(name).startswith("on") or (name in _LEADS and _RUNS.match(str(value))):
                found.append(f"{element.tag} {name!s}")
    return found

"""E-books: EPUB 3 by pandoc, then what accessibility and reproducibility ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lxml import etree

from document import sandbox, zips
from document.assembly import Assembly
from document.moments import moment
from document.pandoc.whole import whole

CSS = Path(__file__).with_name("epub.css")
XHTML = "http://www.w3.org/1999/xhtml"
OPF = "http://www.idpf.org/2007/opf"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def epub(assembly: Assembly, *, timeout: float = 120) -> bytes:
    """The publication as EPUB 3. Raises sandbox.SandboxError."""
    argv = [sandbox.pandoc_path(), "--sandbox", "--from=json", "--to=epub3", "--toc"]
    argv += ["--toc-depth=2", "--split-level=1", "--mathml", "--output=out.epub"]
    done = sandbox.run(
        argv,
        stdin=json.dumps(whole(assembly, "epub")).encode(),
        outputs=["out.epub"],
        timeout=timeout,
        epoch=int(moment(assembly.publication).timestamp()),
    )
    files = zips.read(done.files["out.epub"])
    for name in files:
        if name.endswith(".xhtml"):
            files[name] = _page(files[name], assembly)
        elif name.endswith(".css"):  # pandoc's own: in its sandbox it takes no other
            files[name] = CSS.read_bytes()
        elif name.endswith(".opf"):
            files[name] = _package(files[name], assembly)
    return zips.write(files)


def _parse(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _html(root: Any) -> bytes:
    """A page with the type that the e-book's pages have."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n' + etree.tostring(root, encoding="UTF-8")


def _page(data: bytes, assembly: Assembly) -> bytes:
    """Each page says its language and its own title; header cells say what they head."""
    root = _parse(data)
    root.set("lang", assembly.publication.language)
    root.set(XML_LANG, assembly.publication.language)
    heading, title = root.find(f".//{{{XHTML}}}h1"), root.find(f".//{{{XHTML}}}title")
    if heading is not None and title is not None:
        title.text = "".join(heading.itertext()) or assembly.publication.title
    for style in root.findall(f".//{{{XHTML}}}head/{{{XHTML}}}style"):
        style.getparent().remove(style)
    for cell in root.iter(f"{{{XHTML}}}th"):
        group = cell.getparent().getparent().tag
        cell.set("scope", "col" if group == f"{{{XHTML}}}thead" else "row")
    return _html(root)


def _package(data: bytes, assembly: Assembly) -> bytes:
    """The time of the build: in its sandbox pandoc knows none. Pandoc states what is accessible."""
    root = _parse(data)
    for meta in root.iter(f"{{{OPF}}}meta"):
        if meta.get("property") == "dcterms:modified":
            meta.text = moment(assembly.publication).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _bytes(root)

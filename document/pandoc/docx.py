"""Word files: pandoc writes them with our styles, then tabs, properties and page set-up are set."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from document import sandbox, zips
from document.assembly import Assembly, direction
from document.characters import clean
from document.moments import moment
from document.pandoc.reference import W, reference, w
from document.pandoc.whole import whole

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
FOOTER, FOOTER_TYPE = "footer", "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
#: A4 with margins of 25 to 30 mm, in twentieths of a point.
PAGE = {"w": "11906", "h": "16838"}
MARGINS = {
    "top": "1588",
    "right": "1985",
    "bottom": "1588",
    "left": "2268",
    "header": "709",
    "footer": "709",
    "gutter": "0",
}


def docx(assembly: Assembly, *, timeout: float = 120) -> bytes:
    """The publication for Word. Raises sandbox.SandboxError."""
    argv = [sandbox.pandoc_path(), "--sandbox", "--from=json", "--to=docx", "--reference-doc=reference.docx"]
    done = sandbox.run(
        [*argv, "--output=out.docx"],
        stdin=json.dumps(whole(assembly, "docx")).encode(),
        files={"reference.docx": reference()},
        outputs=["out.docx"],
        timeout=timeout,
        epoch=int(moment(assembly.publication).timestamp()),
    )
    files = zips.read(done.files["out.docx"])
    files["word/document.xml"] = _finished(files["word/document.xml"], assembly)
    _add_footer(files, assembly)
    files["docProps/core.xml"] = core_properties(assembly)
    files["docProps/app.xml"] = _application()
    files.pop("docProps/custom.xml", None)
    for name in ("[Content_Types].xml", "_rels/.rels"):
        files[name] = _without_custom(files[name])
    return zips.write(files)


def _parse(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _finished(data: bytes, assembly: Assembly) -> bytes:
    """Tabs after paragraph numbers, header cells marked, the page's size and margins."""
    root = _parse(data)
    for run in root.iter(w("r")):
        style = run.find(f"{w('rPr')}/{w('rStyle')}")
        if style is not None and style.get(w("val")) == "ParagraphNumber":
            etree.SubElement(run, w("tab"))
    body = root.find(w("body"))
    for old in body.findall(w("sectPr")):
        body.remove(old)
    section = etree.SubElement(body, w("sectPr"))
    etree.SubElement(section, w("footerReference"), {w("type"): "default", f"{{{RELATIONS}}}id": FOOTER})
    etree.SubElement(section, w("footnotePr"))
    etree.SubElement(section, w("pgSz"), {w(key): value for key, value in PAGE.items()})
    etree.SubElement(section, w("pgMar"), {w(key): value for key, value in MARGINS.items()})
    etree.SubElement(section, w("titlePg"))
    if direction(assembly.publication.language) == "rtl":
        etree.SubElement(section, w("bidi"))
    return _bytes(root)


def _add_footer(files: dict[str, bytes], assembly: Assembly) -> None:
    """Publishers, edition and page number at the foot of every page but the first."""
    publication, labels = assembly.publication, assembly.labels
    edition = str(labels.edition).format(edition=publication.edition)
    words = " · ".join([*publication.organisations, edition])
    root = etree.Element(w("ftr"), nsmap={"w": W})
    paragraph = etree.SubElement(root, w("p"))
    etree.SubElement(etree.SubElement(paragraph, w("pPr")), w("pStyle"), {w("val"): "Footer"})
    run = etree.SubElement(paragraph, w("r"))
    etree.SubElement(run, w("t")).text = clean(words)
    etree.SubElement(run, w("tab"))
    field = etree.SubElement(paragraph, w("fldSimple"), {w("instr"): "PAGE"})
    etree.SubElement(etree.SubElement(field, w("r")), w("t")).text = "1"
    files["word/footer1.xml"] = _bytes(root)
    relations = _parse(files["word/_rels/document.xml.rels"])
    kind = f"{RELATIONS}/footer"
    tag = f"{{{PACKAGE}}}Relationship"
    etree.SubElement(relations, tag, {"Id": FOOTER, "Type": kind, "Target": "footer1.xml"})
    files["word/_rels/document.xml.rels"] = _bytes(relations)
    types = _parse(files["[Content_Types].xml"])
    given = {"PartName": "/word/footer1.xml", "ContentType": FOOTER_TYPE}
    etree.SubElement(types, types.tag.replace("Types", "Override"), given)
    files["[Content_Types].xml"] = _bytes(types)


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
    lines = [f"<{tag}>{escape(clean(value))}</{tag}>" for tag, value in values.items() if value]
    lines += [f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{at}</dcterms:{name}>' for name in ("created", "modified")]
    spaces = {
        "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
    root = _parse(
        f"<cp:coreProperties {' '.join(f'xmlns:{key}={chr(34)}{url}{chr(34)}' for key, url in spaces.items())}>"
        f"{''.join(lines)}</cp:coreProperties>".encode()
    )
    return _bytes(root)


def _application() -> bytes:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return _bytes(_parse(f'<Properties xmlns="{space}"/>'.encode()))


def _without_custom(data: bytes) -> bytes:
    """A part list that does not name the custom properties that were taken out."""
    root = _parse(data)
    for element in list(root):
        if "custom.xml" in (element.get("PartName") or element.get("Target") or ""):
            root.remove(element)
    return _bytes(root)

"""The Word styles of our own: pandoc's reference document with its style sheet rewritten.

Nothing of pandoc's look is kept but the names of the styles that its writer uses. Fonts are those
that every office program has.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from lxml import etree

from document import sandbox, zips
from document.word.names import W

SERIF, SANS = "Georgia", "Arial"
INK, SOFT, ACCENT = "1D2126", "5B6470", "0B4F6C"
CALLOUTS = {
    "Key": ACCENT,
    "Risk": "9A3412",
    "Opportunity": "1F6B4F",
    "Case": "6B4E16",
    "Definition": "4A4F63",
    "Note": SOFT,
}

#: name → (based on, paragraph properties, run properties). Lengths in twentieths of a point, font
#: sizes in half-points, as Word counts.
Properties = dict[str, dict[str, str]]


def _spacing(before: int, after: int, line: int = 300) -> Properties:
    return {"spacing": {"before": str(before), "after": str(after), "line": str(line), "lineRule": "auto"}}


def _font(name: str, size: int, *, colour: str = INK, bold: bool = False, italic: bool = False) -> Properties:
    run: Properties = {"rFonts": {"ascii": name, "hAnsi": name, "cs": name, "eastAsia": name}}
    if bold:
        run |= {"b": {}, "bCs": {}}
    if italic:
        run |= {"i": {}, "iCs": {}}
    return run | {"color": {"val": colour}, "sz": {"val": str(size)}, "szCs": {"val": str(size)}}


_KEEP: Properties = {"keepNext": {}, "keepLines": {}}
PARAGRAPHS: dict[str, tuple[str, Properties, Properties]] = {
    "Body Text": ("Normal", _spacing(0, 160), {}),
    "First Paragraph": ("Body Text", {}, {}),
    "Compact": ("Body Text", _spacing(0, 60), {}),
    "Title": ("Normal", _KEEP | _spacing(2400, 120, 240), _font(SERIF, 60, bold=True)),
    "Subtitle": ("Normal", _KEEP | _spacing(0, 360, 260), _font(SERIF, 28, colour=SOFT)),
    "Author": ("Normal", _KEEP | _spacing(0, 40), _font(SANS, 21, colour=SOFT, bold=True)),
    "Date": ("Normal", _spacing(0, 960), _font(SANS, 19, colour=SOFT)),
    "heading 1": ("Normal", _KEEP | _spacing(560, 200, 250), _font(SERIF, 38, bold=True)),
    "heading 2": ("Normal", _KEEP | _spacing(400, 140, 250), _font(SERIF, 28, bold=True)),
    "heading 3": ("Normal", _KEEP | _spacing(300, 120, 250), _font(SERIF, 23, bold=True)),
    "heading 4": ("Normal", _KEEP | _spacing(240, 100), _font(SERIF, 21, bold=True)),
    "heading 5": ("Normal", _KEEP | _spacing(240, 100), _font(SERIF, 21, bold=True, italic=True)),
    "heading 6": ("Normal", _KEEP | _spacing(240, 100), _font(SERIF, 21, italic=True)),
    "Block Text": (
        "Body Text",
        _spacing(120, 160) | {"ind": {"left": "567", "right": "567"}},
        _font(SERIF, 21, colour=SOFT),
    ),
    "footnote text": ("Normal", _spacing(0, 60, 260), _font(SANS, 17)),
    "Bibliography": ("Body Text", _spacing(0, 100) | {"ind": {"left": "340", "hanging": "340"}}, {}),
    "List Paragraph": ("Body Text", {}, {}),
    "annotation text": ("Normal", _spacing(0, 60, 260), _font(SANS, 18)),
    "Header": ("Normal", _spacing(0, 0), _font(SANS, 16, colour="9A3412", bold=True)),
    "Footer": ("Normal", {"tabs": {"val": "right", "pos": "7653"}} | _spacing(0, 0), _font(SANS, 16, colour=SOFT)),
    "Table Caption": ("Normal", _KEEP | _spacing(280, 100), _font(SANS, 18, colour=SOFT)),
    "Image Caption": ("Normal", _spacing(80, 280), _font(SANS, 18, colour=SOFT)),
    "Captioned Figure": ("Normal", _KEEP | _spacing(280, 0), {}),
    "Numbered Paragraph": (
        "Body Text",
        {"tabs": {}, "ind": {"left": "0", "hanging": "680"}},
        {},
    ),
    "Recommendation Label": (
        "Normal",
        {"keepNext": {}, "pBdr": {"top": "DEDAD0"}, "tabs": {}}
        | _spacing(240, 60)
        | {"ind": {"left": "0", "hanging": "680"}},
        _font(SANS, 19, colour=ACCENT),
    ),
    "Numbered Quotation": (
        "Body Text",
        {"tabs": {"pos": "567"}, "ind": {"left": "567", "right": "567", "hanging": "1247"}},
        _font(SERIF, 21, colour=SOFT),
    ),
    "Recommendation": ("Body Text", {"ind": {"left": "340"}}, {}),
    "Content Notice": ("Body Text", {"pBdr": {"box": "CFC9BB"}} | _spacing(80, 240), _font(SANS, 19)),
    "Imprint": ("Body Text", {}, _font(SANS, 19)),
    **{
        f"Callout {name}": (
            "Body Text",
            {"pBdr": {"left": colour}, "shd": {"val": "clear", "color": "auto", "fill": "F4F8F9"}}
            | _spacing(60, 60)
            | {"ind": {"left": "284", "right": "170"}},
            _font(SERIF, 20),
        )
        for name, colour in CALLOUTS.items()
    },
    **{
        f"Callout {name} Label": (f"Callout {name}", _KEEP | _spacing(280, 60), _font(SANS, 18, colour=colour))
        for name, colour in CALLOUTS.items()
    },
    **{
        f"Callout {name} Title": (f"Callout {name}", {"keepNext": {}} | _spacing(60, 60), _font(SERIF, 20, bold=True))
        for name in CALLOUTS
    },
}
CHARACTERS: dict[str, Properties] = {
    "Paragraph Number": _font(SANS, 16, colour=SOFT),
    "Hyperlink": {"color": {"val": ACCENT}, "u": {"val": "single"}},
    "annotation reference": {"sz": {"val": "16"}, "szCs": {"val": "16"}},
    "footnote reference": {"vertAlign": {"val": "superscript"}},
}
#: Word wants the parts of paragraph and run properties in its schema's order.
_PARAGRAPH_ORDER = ("keepNext", "keepLines", "pBdr", "shd", "tabs", "spacing", "ind")
_RUN_ORDER = ("rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "u", "vertAlign")


def w(name: str) -> str:
    return f"{{{W}}}{name}"


@cache
def reference() -> bytes:
    """The reference document. Raises sandbox.SandboxError when pandoc fails."""
    argv = [sandbox.pandoc_path(), "--print-default-data-file=reference.docx"]
    files = zips.read(sandbox.run(argv, timeout=30).stdout)
    files["word/styles.xml"] = styles(files["word/styles.xml"])
    return zips.write(files)


def styles(sheet: bytes) -> bytes:
    """The style sheet with our styles in place of pandoc's."""
    root: Any = etree.fromstring(sheet, etree.XMLParser(resolve_entities=False, no_network=True))
    fonts = root.find(f".//{w('rPrDefault')}/{w('rPr')}")
    _fill(fonts, _font(SERIF, 21), _RUN_ORDER)
    known = {style.find(w("name")).get(w("val")): style for style in root.iter(w("style"))}
    known.update({name.lower(): style for name, style in list(known.items())})
    for name, (base, paragraph, run) in PARAGRAPHS.items():
        style = known.get(name) if name in known else known.get(name.lower())
        if style is None:
            style = _new(root, name, "paragraph")
        _based(style, base, known)
        _replace(style, "pPr", paragraph, _PARAGRAPH_ORDER)
        _replace(style, "rPr", run, _RUN_ORDER)
        known[name] = style
    for name, run in CHARACTERS.items():
        style = known.get(name) if name in known else known.get(name.lower())
        _replace(_new(root, name, "character") if style is None else style, "rPr", run, _RUN_ORDER)
    _tables(known["Table"])
    _box(root)
    for unused in [style for name, style in known.items() if name.endswith(" Char") and style.getparent() is not None]:
        _plain(unused)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


#: Styles that Word knows itself, and knows by these identifiers.
_IDS = {"annotation text": "CommentText", "annotation reference": "CommentReference"}


def _new(root: Any, name: str, kind: str) -> Any:
    style = etree.SubElement(
        root, w("style"), {w("type"): kind, w("customStyle"): "1", w("styleId"): _IDS.get(name, name.replace(" ", ""))}
    )
    etree.SubElement(style, w("name"), {w("val"): name})
    etree.SubElement(style, w("qFormat"))
    return style


def _based(style: Any, base: str, known: dict[str, Any]) -> None:
    for old in style.findall(w("basedOn")):
        style.remove(old)
    element = etree.Element(w("basedOn"), {w("val"): known[base].get(w("styleId"))})
    style.insert(1, element)


def _replace(style: Any, part: str, properties: Properties, order: tuple[str, ...]) -> None:
    for old in style.findall(w(part)):
        style.remove(old)
    if properties:
        element = etree.Element(w(part))
        run = style.find(w("rPr"))
        if part == "pPr" and run is not None:
            run.addprevious(element)
        else:
            style.append(element)
        _fill(element, properties, order)


def _fill(element: Any, properties: Properties, order: tuple[str, ...]) -> None:
    """Set properties in the order of Word's schema, replacing those of the same name."""
    for name in sorted(properties, key=order.index):
        for old in element.findall(w(name)):
            element.remove(old)
        attributes = properties[name]
        if name == "pBdr":
            _borders(etree.SubElement(element, w(name)), attributes)
        elif name == "tabs":
            tabs = etree.SubElement(element, w(name))
            etree.SubElement(
                tabs, w("tab"), {w("val"): attributes.get("val", "left"), w("pos"): attributes.get("pos", "0")}
            )
        else:
            etree.SubElement(element, w(name), {w(key): value for key, value in attributes.items()})


def _borders(element: Any, sides: dict[str, str]) -> None:
    for side, colour in sides.items():
        thick = "24" if side == "left" else "6"
        for each in ("top", "left", "bottom", "right") if side == "box" else (side,):
            given = {w("val"): "single", w("sz"): thick, w("space"): "6", w("color"): colour}
            etree.SubElement(element, w(each), given)


def _plain(style: Any) -> None:
    """Character styles linked to paragraph styles carry no look of their own."""
    for run in style.findall(w("rPr")):
        style.remove(run)


def _box(root: Any) -> None:
    """The table of one cell around a box: its paragraphs bring rule and ground themselves."""
    style = _new(root, "Box", "table")
    margins = etree.SubElement(etree.SubElement(style, w("tblPr")), w("tblCellMar"))
    for side in ("top", "left", "bottom", "right"):
        etree.SubElement(margins, w(side), {w("w"): "0", w("type"): "dxa"})


def _tables(style: Any) -> None:
    """Thin rules, a stronger one around the head; digits in the working face."""
    for part in ("pPr", "rPr", "tblPr", "tblStylePr"):
        for old in style.findall(w(part)):
            style.remove(old)
    paragraph = etree.SubElement(style, w("pPr"))
    _fill(paragraph, _spacing(0, 0, 260), _PARAGRAPH_ORDER)
    _fill(etree.SubElement(style, w("rPr")), _font(SANS, 18), _RUN_ORDER)
    table = etree.SubElement(style, w("tblPr"))
    etree.SubElement(table, w("tblInd"), {w("w"): "0", w("type"): "dxa"})
    borders = etree.SubElement(table, w("tblBorders"))
    for side, size, colour in (("top", "8", INK), ("bottom", "8", INK), ("insideH", "4", "CFC9BB")):
        etree.SubElement(borders, w(side), {w("val"): "single", w("sz"): size, w("space"): "0", w("color"): colour})
    margins = etree.SubElement(table, w("tblCellMar"))
    for side, size in (("top", "70"), ("left", "108"), ("bottom", "70"), ("right", "108")):
        etree.SubElement(margins, w(side), {w("w"): size, w("type"): "dxa"})
    head = etree.SubElement(style, w("tblStylePr"), {w("type"): "firstRow"})
    bold = etree.SubElement(head, w("rPr"))
    etree.SubElement(bold, w("b"))

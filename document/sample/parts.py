"""Pieces of WordprocessingML, written by hand: the sample must hold what word processors write."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14 w15"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
#: (part, relation, content type) of the document's companions.
COMPANIONS = (
    ("styles.xml", f"{OFFICE}/styles", f"{WORD}.styles+xml"),
    ("numbering.xml", f"{OFFICE}/numbering", f"{WORD}.numbering+xml"),
    ("footnotes.xml", f"{OFFICE}/footnotes", f"{WORD}.footnotes+xml"),
    ("comments.xml", f"{OFFICE}/comments", f"{WORD}.comments+xml"),
    (
        "commentsExtended.xml",
        "http://schemas.microsoft.com/office/2011/relationships/commentsExtended",
        f"{WORD}.commentsExtended+xml",
    ),
)


def run(text: str, *looks: str, kind: str = "t") -> str:
    """A run; looks are ``b``, ``i``, ``u``; ``kind`` is ``t`` or ``delText``."""
    set_ = "".join('<w:u w:val="single"/>' if look == "u" else f"<w:{look}/>" for look in looks)
    about = f"<w:rPr>{set_}</w:rPr>" if set_ else ""
    return f'<w:r>{about}<w:{kind} xml:space="preserve">{escape(text)}</w:{kind}></w:r>'


def para(*content: str, style: str = "", list_: int = 0, mark: str = "") -> str:
    """A paragraph; ``list_`` names a numbering, ``mark`` goes into the paragraph mark's properties."""
    about = f'<w:pStyle w:val="{style}"/>' if style else ""
    about += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_}"/></w:numPr>' if list_ else ""
    about += f"<w:rPr>{mark}</w:rPr>" if mark else ""
    return f"<w:p>{f'<w:pPr>{about}</w:pPr>' if about else ''}{''.join(content)}</w:p>"


def footnote(number: int) -> str:
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'


def changed(tag: str, number: int, author: str, at: str, inside: str) -> str:
    """``ins``, ``del``, ``moveFrom`` or ``moveTo`` around runs; empty inside for a paragraph mark."""
    about = f'w:id="{number}" w:author={quoteattr(author)} w:date="{at}"'
    return f"<w:{tag} {about}>{inside}</w:{tag}>" if inside else f"<w:{tag} {about}/>"


def cell(content: str, *, span: int = 1, merge: str = "") -> str:
    """``merge`` is ``restart``, ``continue`` or empty."""
    about = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    about += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="2400" w:type="dxa"/>{about}</w:tcPr>{content}</w:tc>'


def row(*cells: str, head: bool = False) -> str:
    return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if head else ''}{''.join(cells)}</w:tr>"


def table(columns: int, *rows: str) -> str:
    grid = '<w:gridCol w:w="2400"/>' * columns
    look = '<w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
    about = f'<w:tblPr><w:tblW w:w="0" w:type="auto"/>{look}</w:tblPr>'
    return f"<w:tbl>{about}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def picture(relation: str, number: int, alt: str, width: int, height: int) -> str:
    """An inline drawing; sizes in EMU."""
    size = f'cx="{width}" cy="{height}"'
    blip = f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    name = f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
    shape = f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>'
    uri = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    return (
        f"<w:r><w:drawing><wp:inline><wp:extent {size}/>"
        f'<wp:docPr id="{number}" name="Picture {number}" descr={quoteattr(alt)}/>'
        f'<a:graphic><a:graphicData uri="{uri}"><pic:pic>{name}{blip}{shape}</pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def styles() -> str:
    """Normal, the nine headings, footnote text."""
    made = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    for level in range(1, 10):
        about = f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr>'
        made += f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        made += f'<w:basedOn w:val="Normal"/>{about}</w:style>'
    return f"{HEAD}<w:styles {NAMESPACES}>{made}</w:styles>"


def numbering() -> str:
    """1: bullets; 2: (a), (b)."""

    def abstract(number: int, kind: str, text: str) -> str:
        level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        return f'<w:abstractNum w:abstractNumId="{number}">{level}</w:abstractNum>'

    nums = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2))
    made = abstract(1, "bullet", "•") + abstract(2, "lowerLetter", "(%1)") + nums
    return f"{HEAD}<w:numbering {NAMESPACES}>{made}</w:numbering>"


def relationships(pictures: list[str]) -> str:
    rows = [
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{part}"/>' for n, (part, kind, _) in enumerate(COMPANIONS, 1)
    ]
    rows += [
        f'<Relationship Id="rIdP{n}" Type="{OFFICE}/image" Target="media/{name}"/>'
        for n, name in enumerate(pictures, 1)
    ]
    return f'{HEAD}<Relationships xmlns="{PACKAGE}">{"".join(rows)}</Relationships>'


def content_types() -> str:
    made = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    made += '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    made += '<Default Extension="jpg" ContentType="image/jpeg"/>'
    made += f'<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/>'
    for part, _, kind in COMPANIONS:
        made += f'<Override PartName="/word/{part}" ContentType="{kind}"/>'
    return f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{made}</Types>'

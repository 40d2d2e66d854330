"""A Word file with all that a round trip must keep, and what a Word file holds, counted in its XML."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
WHO = 'w:author="Ann Other" w:date="2026-03-04T05:06:07Z"'


def run(words: str, looks: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{looks}</w:rPr>" if looks else ""}<w:t xml:space="preserve">{words}</w:t></w:r>'


def ins(*inside: str) -> str:
    return f'<w:ins w:id="1" {WHO}>{"".join(inside)}</w:ins>'


def gone(words: str) -> str:
    return f'<w:del w:id="2" {WHO}><w:r><w:delText xml:space="preserve">{words}</w:delText></w:r></w:del>'


def para(*inside: str, style: str = "", mark: str = "", form: str = "", more: str = "") -> str:
    """``mark``: ins or del on the paragraph's own mark; ``form``: the style it had before a tracked change."""
    parts = f'<w:pStyle w:val="{style}"/>' if style else ""
    parts += more
    parts += f'<w:rPr><w:{mark} w:id="3" {WHO}/></w:rPr>' if mark else ""
    before = f'<w:pStyle w:val="{form}"/>' if form and form != "Normal" else ""
    parts += f'<w:pPrChange w:id="4" {WHO}><w:pPr>{before}</w:pPr></w:pPrChange>' if form else ""
    return f"<w:p>{f'<w:pPr>{parts}</w:pPr>' if parts else ''}{''.join(inside)}</w:p>"


def looked(words: str, now: str, before: str) -> str:
    """Words whose looks were changed under tracking."""
    return run(words, f'{now}<w:rPrChange w:id="5" {WHO}><w:rPr>{before}</w:rPr></w:rPrChange>')


def commented(number: int, words: str) -> str:
    edge = f'<w:commentRangeStart w:id="{number}"/>{run(words)}<w:commentRangeEnd w:id="{number}"/>'
    return f'{edge}<w:r><w:commentReference w:id="{number}"/></w:r>'


def note(number: int, kind: str = "foot") -> str:
    return f'<w:r><w:{kind}noteReference w:id="{number}"/></w:r>'


def item(*inside: str, mark: str = "") -> str:
    return para(*inside, mark=mark, more='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')


def row(*cells: str, mark: str = "") -> str:
    form = f'<w:trPr><w:{mark} w:id="6" {WHO}/></w:trPr>' if mark else ""
    return f"<w:tr>{form}{''.join(cells)}</w:tr>"


def cell(words: str, form: str = "") -> str:
    return f"<w:tc><w:tcPr>{form}</w:tcPr>{para(run(words))}</w:tc>"


LONG = "Recruiters promise work abroad, and some of the promises are kept by those who made them."
BODY = (
    para(run("Recruitment"), style="Heading1"),
    para(run(f"{LONG} It was "), ins(run("often ")), gone("always "), run("so"), note(1), run(".")),
    para(run("Fees are "), commented(0, "charged"), run(" before departure and again on arrival by many.")),
    para(ins(run("A paragraph that is new from its first word to its last one.")), mark="ins"),
    para(gone("A paragraph that goes away from its first word to its last one."), mark="del"),
    para(run("This one was split here by somebody who wanted two."), mark="ins"),
    para(run("And this is the other half of it, as it stands since then.")),
    para(looked("Set in bold since then", "<w:b/>", ""), run(", and "), looked("no more in italics", "", "<w:i/>")),
    para(run("A paragraph that became a heading"), style="Heading2", form="Normal"),
    para(run(f"{LONG} Again."), note(1, "end")),
    item(run("first of the list")),
    item(ins(run("second of the list, which is new")), mark="ins"),
    item(run("third of the list")),
    "<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>"
    + row(cell("Channel"), cell("Share"))
    + row(cell("Both columns", '<w:gridSpan w:val="2"/>'))
    + row(cell("Rows", '<w:vMerge w:val="restart"/>'), cell("1"))
    + row(cell("", "<w:vMerge/>"), cell("2"))
    + row(cell("New row"), cell("3"), mark="ins")
    + "</w:tbl>",
    para(run("After the table. "), commented(2, "Settled")),
)
COMMENTS = (  # id, paragraph, body; replies follow
    (0, "00000001", "Which fees?"),
    (1, "00000002", "Those of recruiters."),
    (2, "00000003", "Done with this."),
    (3, "00000004", "Agreed."),
)
STATES = (("00000001", "", 0), ("00000002", "00000001", 1), ("00000003", "", 1), ("00000004", "00000003", 0))


def _comments() -> str:
    return "".join(
        f'<w:comment w:id="{number}" {WHO} w:initials="AO"><w:p w14:paraId="{paragraph}">{run(body)}</w:p></w:comment>'
        for number, paragraph, body in COMMENTS
    )


def _states() -> str:
    shown = ""
    for paragraph, above, done in STATES:
        parent = f' w15:paraIdParent="{above}"' if above else ""
        shown += f'<w15:commentEx w15:paraId="{paragraph}"{parent} w15:done="{done}"/>'
    return shown


def _notes(kind: str) -> str:
    inside = f'<w:{kind}note w:id="1"><w:p>{run(f"What the {kind}note says.")}</w:p></w:{kind}note>'
    return f"<w:{kind}notes {SPACES}>{inside}</w:{kind}notes>"


def everything() -> bytes:
    """A Word file with every kind of tracked change, comments with replies, notes and a table with spans."""
    heading = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/></w:style>' for n in (1, 2)
    )
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl>'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = ("styles", "numbering", "footnotes", "endnotes", "comments")
    rows = "".join(f'<Relationship Id="r{n}" Type="{rel}/{kind}" Target="{kind}.xml"/>' for n, kind in enumerate(kinds))
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{rel}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{rows}</Relationships>',
        "word/document.xml": f"<w:document {SPACES}><w:body>{''.join(BODY)}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {SPACES}>{heading}</w:styles>",
        "word/numbering.xml": f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
        "word/footnotes.xml": _notes("foot"),
        "word/endnotes.xml": _notes("end"),
        "word/comments.xml": f"<w:comments {SPACES}>{_comments()}</w:comments>",
        "word/commentsExtended.xml": f"<w15:commentsEx {SPACES}>{_states()}</w15:commentsEx>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return out.getvalue()


def counted(data: bytes) -> dict[str, int]:
    """What the file's XML holds. A tracked change counts when it has words, a note, a paragraph's mark or a row."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    body = etree.fromstring(parts["word/document.xml"])
    comments, states = (parts.get(f"word/{name}.xml", b"").decode() for name in ("comments", "commentsExtended"))

    def every(*names: str) -> list[Any]:
        return list(body.iter(*(f"{{{W}}}{name}" for name in names)))

    def changes(*names: str) -> int:
        return sum(_holds(each) for each in every(*names))

    return {
        "comments": len(re.findall("<w:comment ", comments)),
        "replies": states.count("paraIdParent="),
        "resolved": states.count('done="1"'),
        "insertions": changes("ins", "moveTo"),
        "deletions": changes("del", "moveFrom"),
        "forms": len(every("rPrChange", "pPrChange")),
        "notes": len(every("footnoteReference", "endnoteReference")),
        "tables": len(every("tbl")),
    }


def _holds(change: Any) -> bool:
    around = change.getparent()
    if around.tag == f"{{{W}}}rPr":
        return bool(around.getparent().tag == f"{{{W}}}pPr")
    if around.tag == f"{{{W}}}trPr":
        return True
    texts = change.iter(f"{{{W}}}t", f"{{{W}}}delText", f"{{{W}}}footnoteReference", f"{{{W}}}endnoteReference")
    return any(each.text or each.tag.endswith("Reference") for each in texts)

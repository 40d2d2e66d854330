"""ODT files as LibreOffice writes them: only what their text needs."""

from __future__ import annotations

import io
import zipfile

_URN = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = (
    f'xmlns:office="{_URN}:office:1.0" xmlns:text="{_URN}:text:1.0" xmlns:table="{_URN}:table:1.0" '
    f'xmlns:style="{_URN}:style:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'xmlns:fo="{_URN}:xsl-fo-compatible:1.0" '
    'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
)
WHO = "<dc:creator>Ann Other</dc:creator><dc:date>2026-03-04T05:06:07.123456789</dc:date>"


def para(*inside: str) -> str:
    return f'<text:p text:style-name="Standard">{"".join(inside)}</text:p>'


def items(*words: str) -> str:
    return f"<text:list>{''.join(f'<text:list-item>{para(each)}</text:list-item>' for each in words)}</text:list>"


def row(*cells: str) -> str:
    inside = (f'<table:table-cell office:value-type="string">{para(each)}</table:table-cell>' for each in cells)
    return f"<table:table-row>{''.join(inside)}</table:table-row>"


def table(*rows: str, columns: int = 2) -> str:
    return f'<table:table><table:table-column table:number-columns-repeated="{columns}"/>{"".join(rows)}</table:table>'


def note(*inside: str) -> str:
    body = f"<text:note-body>{para(*inside)}</text:note-body>"
    return f'<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>{body}</text:note>'


def region(name: str, *changes: str) -> str:
    """What was tracked under a name: ``inserted``, ``deleted`` or ``formed``."""
    return f'<text:changed-region text:id="{name}">{"".join(changes)}</text:changed-region>'


def inserted(who: str = WHO) -> str:
    return f"<text:insertion><office:change-info>{who}</office:change-info></text:insertion>"


def formed() -> str:
    return f"<text:format-change><office:change-info>{WHO}</office:change-info></text:format-change>"


def deleted(*blocks: str) -> str:
    return f"<text:deletion><office:change-info>{WHO}</office:change-info>{''.join(blocks)}</text:deletion>"


def start(name: str) -> str:
    return f'<text:change-start text:change-id="{name}"/>'


def end(name: str) -> str:
    return f'<text:change-end text:change-id="{name}"/>'


def at(name: str) -> str:
    """Where a deletion was."""
    return f'<text:change text:change-id="{name}"/>'


def comment(name: str, body: str, resolved: bool = False, parent: str = "") -> str:
    above = f' loext:parent-name="{parent}"' if parent else ""
    state = f'loext:resolved="{str(resolved).lower()}"{above}'
    return f'<office:annotation office:name="{name}" {state}>{WHO}{para(body)}</office:annotation>'


def comment_end(name: str) -> str:
    return f'<office:annotation-end office:name="{name}"/>'


def _part(name: str, inside: str) -> str:
    first = "<office:font-face-decls/>" + ("<office:styles/>" if name == "styles" else "")
    return f"<office:document-{name} {SPACES}>{first}<office:automatic-styles/>{inside}</office:document-{name}>"


def page(name: str, head: str = "", foot: str = "") -> str:
    """A page style with what stands at the head and the foot of its pages."""
    shown = f"<style:header>{head}</style:header>" if head else ""
    shown += f"<style:footer>{foot}</style:footer>" if foot else ""
    return f'<style:master-page style:name="{name}">{shown}</style:master-page>'


def tracked(*regions: str) -> str:
    return f"<text:tracked-changes>{''.join(regions)}</text:tracked-changes>"


def spoken(name: str, language: str, country: str) -> str:
    """A style of words in a language, as LibreOffice makes one for itself."""
    said = f'fo:language="{language}" fo:country="{country}"'
    return f'<style:style style:name="{name}" style:family="text"><style:text-properties {said}/></style:style>'


def span(style: str, words: str) -> str:
    return f'<text:span text:style-name="{style}">{words}</text:span>'


def file(*body: str, changes: str = "", pages: str = "", styles: str = "") -> bytes:
    kind = "application/vnd.oasis.opendocument.text"
    own = f"<office:automatic-styles>{styles}</office:automatic-styles>" if styles else ""
    blocks = f"{tracked(changes) if changes else ''}{''.join(body)}"
    text = f"{own}<office:body><office:text>{blocks}</office:text></office:body>"
    masters = f"<office:master-styles>{pages}</office:master-styles>" if pages else ""
    space = f'xmlns:manifest="{_URN}:manifest:1.0"'
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", kind)
        packed.writestr("content.xml", _part("content", text))
        packed.writestr("styles.xml", _part("styles", masters))
        packed.writestr("META-INF/manifest.xml", f"<manifest:manifest {space}>{entry}</manifest:manifest>")
    return out.getvalue()

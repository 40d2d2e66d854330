"""Tracked changes that pandoc does not tell: of looks, of a paragraph's style, of a table's rows.

A change of looks is given to pandoc as an insertion by an author that no file can name: ``Tracked.token``
and a number. What the number means is kept here, and the reader makes a modification of it.
"""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from document.uploads import Archive
from document.word import names

W = f"{{{names.W}}}"
_DOCUMENT = "word/document.xml"
_WORDS, _BETWEEN = (f"{W}t", f"{W}delText"), (f"{W}p", f"{W}tab", f"{W}br", f"{W}cr")
_SWITCHES = {f"{W}b": "strong", f"{W}i": "em"}
#: Looks that no brief has and no converter reads: a quarter of its time goes into them.
_LOOKS = re.compile(
    rb"<w:(?:sz|szCs|color|kern|noProof|keepNext|keepLines|widowControl|spacing)(?: w:[A-Za-z]+=\"[^\"<>]*\")*\s*/>"
)
_STORED = 8_000_000
#: Changes that cannot be kept and are told one by one.
MOST = 300
_OFF = ("0", "false", "off", "none")
_HEADING = re.compile(r"heading\s*(\d)$", re.I)


@dataclass
class Tracked:
    """``forms`` are by number: author, date, and ``was`` as modifications have it (``editor/schema.ts``), or a
    ``language`` with its ``dir``.

    ``rows``: tracked rows by (table, row), both counted in reading order; ``unkept`` are the words beside each
    change of form that has no counterpart in the document language.
    """

    token: str = field(default_factory=lambda: secrets.token_hex(12))
    forms: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)
    unkept: list[str] = field(default_factory=list)
    more: int = 0
    #: What the signs in an ODT file's text mean, by number (``opendocument``).
    points: list[dict[str, str]] = field(default_factory=list)

    def pass_over(self, words: str) -> None:
        """Remember the words beside a change that cannot be kept; beyond ``MOST`` only that there was one."""
        if len(self.unkept) < MOST:
            self.unkept.append(words[:200])
        else:
            self.more += 1

    def point(self, means: dict[str, str]) -> str:
        """A sign for the text."""
        self.points.append(means)
        return f"{self.token}-{len(self.points) - 1};"

    def divided(self, text: str) -> list[str | dict[str, str]]:
        """A text's words and what the signs between them mean, in order."""
        if not self.points or self.token not in text:
            return [text]
        parts = re.split(rf"{self.token}-(\d+);", text)
        return [self.points[int(part)] if at % 2 else part for at, part in enumerate(parts)]

    def without_points(self, text: str) -> str:
        return "".join(part for part in self.divided(text) if isinstance(part, str))

    def meant(self, author: str) -> dict[str, Any] | None:
        """The change of form that an author's name stands for; None for a name of the file's own."""
        prefix = f"{self.token}-"
        return self.forms[int(author.removeprefix(prefix))] if author.startswith(prefix) else None


def prepare(data: bytes, archive: Archive, root: Any, tracked: Tracked) -> bytes:
    """The file as pandoc is given it; what it would not have told is put into ``tracked``, which may know some already.

    ``root`` is its text, which is changed.
    """
    raw = archive.read(_DOCUMENT) or b""
    if any(name in raw for name in (b"PrChange", b"<w:ins ", b"<w:del ")):
        _read(root, archive, tracked)
    told = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True) if tracked.forms else raw
    return replaced(data, _LOOKS.sub(b"", told))


def _read(root: Any, archive: Archive, tracked: Tracked) -> None:
    """Rows, looks, styles and paragraph marks that changed; what cannot be kept is passed over by name."""
    _rows(root, tracked)
    levels = _levels(archive)
    for change in list(root.iter(f"{W}rPrChange")):
        _looks(change, tracked)
    for change in list(root.iter(f"{W}pPrChange")):
        _style(change, levels, tracked)
    for mark in [*root.iter(f"{W}ins"), *root.iter(f"{W}del")]:
        _heading_mark(mark, levels, tracked)
    for name in ("tblPrChange", "tcPrChange", "trPrChange", "sectPrChange", "tblGridChange", "cellIns", "cellDel"):
        for each in root.iter(f"{W}{name}"):
            tracked.pass_over(_beside(each))


def replaced(data: bytes, document: bytes, name: str = _DOCUMENT) -> bytes:
    """The file with another text; page heads and feet, which nobody reads, are left out.

    Little is stored as it is, for speed; beyond that it is packed again: a small file may unpack to much.
    """
    out = io.BytesIO()
    room = _STORED
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            if entry.is_dir() or entry.filename.startswith(("word/header", "word/footer", "word/theme")):
                continue
            content = document if entry.filename == name else old.read(entry)
            room -= len(content)
            kind = zipfile.ZIP_STORED if room > 0 else zipfile.ZIP_DEFLATED
            new.writestr(entry.filename, content, compress_type=kind, compresslevel=1)
    return out.getvalue()


def _beside(element: Any) -> str:
    """The words of the paragraph (or row, or table) around a change."""
    around = element
    while around is not None and around.tag not in (f"{W}p", f"{W}tr", f"{W}tbl"):
        around = around.getparent()
    return "" if around is None else words(around)


def words(element: Any) -> str:
    """The words within an element; paragraphs, lines and tabs apart."""
    shown = element.iter(*_WORDS, *_BETWEEN)
    return "".join(each.text or "" if each.tag in _WORDS else " " for each in shown)


# --- looks


def _looks(change: Any, tracked: Tracked) -> None:
    now, before = _worn(change.getparent()), _worn(change.find(f"{W}rPr"))
    run = change.getparent().getparent()
    added, removed = now - before, before - now
    if run.tag != f"{W}r" or not (added or removed) or not _says(run):
        tracked.pass_over(_beside(change))
        return
    was = {name: [{"type": each} for each in sorted(which)] for name, which in (("added", added), ("removed", removed))}
    wrap(run, change, {"was": was}, tracked)


def _says(run: Any) -> bool:
    return any(each.text for each in run.iter(f"{W}t", f"{W}delText"))


def _worn(properties: Any) -> set[str]:
    if properties is None:
        return set()
    worn = {mark for tag, mark in _SWITCHES.items() if (each := properties.find(tag)) is not None and is_on(each)}
    vertical = properties.find(f"{W}vertAlign")
    value = vertical.get(f"{W}val") if vertical is not None else ""
    return worn | ({value} if value in ("superscript", "subscript") else set())


def is_on(element: Any) -> bool:
    """Whether a switch of Word's is on: it is by merely being there."""
    return element.get(f"{W}val", "1") not in _OFF


def wrap(run: Any, change: Any, means: dict[str, Any], tracked: Tracked) -> None:
    """Put an insertion around a run, by an author who stands for what the change means.

    ``change`` has the attributes of who made it and when, if anybody.
    """
    number = len(tracked.forms)
    author, date = change.get(f"{W}author", ""), change.get(f"{W}date", "")
    tracked.forms.append({"author": author, "at": date, **means})
    given = {f"{W}id": f"9{number}", f"{W}author": f"{tracked.token}-{number}"}
    wrap = etree.Element(f"{W}ins", given | ({f"{W}date": date} if date else {}))
    run.addprevious(wrap)
    wrap.append(run)


# --- paragraphs


def _levels(archive: Archive) -> dict[str, int]:
    """Style id → heading level, by the styles' names."""
    styles = archive.xml("word/styles.xml")
    found: dict[str, int] = {}
    for style in styles.iter(f"{W}style") if styles is not None else ():
        name = style.find(f"{W}name")
        if name is not None and (match := _HEADING.match(name.get(f"{W}val") or "")):
            found[style.get(f"{W}styleId", "")] = int(match[1])
    return found


def _style(change: Any, levels: dict[str, int], tracked: Tracked) -> None:
    properties = change.getparent()
    now, before = _level(properties, levels), _level(change.find(f"{W}pPr"), levels)
    run = _first_run(properties.getparent())
    if now == before or run is None:
        tracked.pass_over(_beside(change))
        return
    # Levels count from the section, whose title stands above them.
    level = max(1, min(4, before - 1))
    was = {"type": "heading", "attrs": {"level": level}} if before else {"type": "paragraph", "attrs": {}}
    wrap(run, change, {"was": was, "block": True}, tracked)


def _heading_mark(mark: Any, levels: dict[str, int], tracked: Tracked) -> None:
    """A heading's own mark that came or went: pandoc tells it of paragraphs only."""
    properties = mark.getparent().getparent() if mark.getparent().tag == f"{W}rPr" else None
    if properties is None or properties.tag != f"{W}pPr" or not _level(properties, levels):
        return
    run = _first_run(properties.getparent())
    if run is not None:
        kind = "insertion" if mark.tag == f"{W}ins" else "deletion"
        wrap(run, mark, {"break": kind}, tracked)


def _first_run(paragraph: Any) -> Any:
    return next((run for run in paragraph.iter(f"{W}r") if _says(run)), None)


def _level(properties: Any, levels: dict[str, int]) -> int:
    style = properties.find(f"{W}pStyle") if properties is not None else None
    return levels.get(style.get(f"{W}val"), 0) if style is not None else 0


# --- rows


def _rows(root: Any, tracked: Tracked) -> None:
    tables = [table for table in root.iter(f"{W}tbl") if not any(up.tag == f"{W}tbl" for up in table.iterancestors())]
    for at, table in enumerate(tables):
        for number, row in enumerate(table.findall(f"{W}tr")):
            for kind, tag in (("insertion", "ins"), ("deletion", "del")):
                change = row.find(f"{W}trPr/{W}{tag}")
                if change is not None:
                    about = {"kind": kind, "author": change.get(f"{W}author", ""), "at": change.get(f"{W}date", "")}
                    tracked.rows[(at, number)] = about
                    break

"""Inline content: pandoc's inlines as Word's runs, with links, tracked changes and comments around them.

A run is gathered as long as nothing about it changes. In Word a link stands outermost, then tracked
changes, then runs; where comments begin and end may stand anywhere between runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from document.pandoc.ast import Inline
from document.word import names
from document.word.names import quoted


class Look(NamedTuple):
    """What a run's properties say; empty values say nothing."""

    style: str = ""
    bold: bool = False
    italic: bool = False
    caps: bool = False
    strike: bool = False
    underline: bool = False
    vertical: str = ""
    language: str = ""
    rtl: bool = False
    #: The look before a tracked change of looks, with who and when: XML of ``w:rPrChange``.
    before: str = ""


class Change(NamedTuple):
    """A tracked change around runs; ``id`` is its suggestion's."""

    kind: str
    id: str
    author: str
    date: str


PLAIN = Look()
_WRAPS: dict[str, dict[str, Any]] = {
    "Strong": {"bold": True},
    "Emph": {"italic": True},
    "Underline": {"underline": True},
    "Strikeout": {"strike": True},
    "SmallCaps": {"caps": True},
    "Superscript": {"vertical": "superscript"},
    "Subscript": {"vertical": "subscript"},
}
#: The elements of tracked changes, in the order of Word's schema.
TAGS = {"insertion": "w:ins", "deletion": "w:del", "move-from": "w:moveFrom", "move-to": "w:moveTo"}


@lru_cache(maxsize=2048)
def properties(look: Look) -> str:
    """``w:rPr`` in the order of Word's schema, or an empty string."""
    inside = bare(look) + look.before
    return f"<w:rPr>{inside}</w:rPr>" if inside else ""


def bare(look: Look) -> str:
    """What stands in ``w:rPr``."""
    parts = [f"<w:rStyle w:val={quoted(look.style)}/>" if look.style else ""]
    parts += ["<w:b/><w:bCs/>" if look.bold else "", "<w:i/><w:iCs/>" if look.italic else ""]
    parts += ["<w:smallCaps/>" if look.caps else "", "<w:strike/>" if look.strike else ""]
    parts += ['<w:u w:val="single"/>' if look.underline else ""]
    parts += [f'<w:vertAlign w:val="{look.vertical}"/>' if look.vertical else "", "<w:rtl/>" if look.rtl else ""]
    if look.language:
        which = "bidi" if look.rtl else "val"
        parts.append(f"<w:lang w:{which}={quoted(look.language)}/>")
    return "".join(parts)


@dataclass(slots=True)
class _Item:
    """A run, or where a comment begins or ends (``look`` is None). ``parts`` are words, ``xml`` something else."""

    link: str
    changes: tuple[Change, ...]
    look: Look | None
    parts: list[str] = field(default_factory=list)
    xml: str = ""


class Book(Protocol):
    """What a line needs of the file it is written for."""

    def change_id(self) -> int: ...
    def link(self, url: str) -> str: ...
    def note(self, blocks: list[Any]) -> str: ...
    def picture(self, url: str, alt: str, wide: bool) -> str: ...
    def comment_start(self, key: str) -> str: ...
    def comment_end(self, key: str) -> tuple[str, str]: ...
    def bookmarked(self, name: str) -> tuple[str, str]: ...


def mark(change: Change, number: int) -> str:
    """The attributes that say who changed and when."""
    return f'w:id="{number}" w:author={quoted(change.author)} w:date={quoted(change.date)}'


class Line:
    """The inline content of one paragraph."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._items: list[_Item] = []
        #: Tracked changes of the paragraph's own mark, and its form before one.
        self.breaks: list[Change] = []
        self.before: dict[str, str] = {}

    def read(self, elements: list[Inline], look: Look = PLAIN) -> Line:
        self._all(elements, look, (), "")
        return self

    def _all(self, elements: list[Inline], look: Look, changes: tuple[Change, ...], link: str) -> None:
        for element in elements:
            kind = element["t"]
            if kind == "Str":
                self._words(element["c"], look, changes, link)
            elif kind == "Space":
                self._words(" ", look, changes, link)
            elif kind in _WRAPS:
                self._all(element["c"], look._replace(**_WRAPS[kind]), changes, link)
            elif kind == "Span":
                self._span(element["c"], look, changes, link)
            else:
                self._rare(kind, element.get("c"), look, changes, link)

    def _words(self, words: str, look: Look, changes: tuple[Change, ...], link: str) -> None:
        last = self._items[-1] if self._items else None
        if last and not last.xml and last.look == look and last.changes == changes and last.link == link:
            last.parts.append(words)
        else:
            self._items.append(_Item(link, changes, look, [words]))

    def _rare(self, kind: str, content: Any, look: Look, changes: tuple[Change, ...], link: str) -> None:
        if kind == "Link":
            styled = look if look.style else look._replace(style="Hyperlink")
            self._all(content[1], styled, changes, link or self._book.link(content[2][0]))
        elif kind == "LineBreak":
            self._items.append(_Item(link, changes, look, xml="<w:br/>"))
        elif kind == "Note":
            note = look._replace(style="FootnoteReference", vertical="")
            self._items.append(_Item(link, changes, note, xml=self._book.note(content)))
        elif kind == "Image":
            alt = "".join(each.get("c", " ") for each in content[1])
            wide = any(key == "width" for key, _ in content[0][2])
            self._items.append(_Item(link, changes, look, xml=self._book.picture(content[2][0], alt, wide)))

    def _span(self, content: Any, look: Look, changes: tuple[Change, ...], link: str) -> None:
        (identifier, classes, given), inside = content
        about = dict(given)
        kind = classes[0] if classes else ""
        if kind in TAGS:
            changes = (*changes, _change(kind, about))
        elif kind.startswith("paragraph-"):
            self._of_paragraph(kind.removeprefix("paragraph-"), about)
            return
        elif kind in ("comment-start", "comment-end"):
            self._edge(kind, identifier)
            return
        elif kind == "modification":
            look = look._replace(before=self._before(about))
        elif about.get("custom-style") == "Paragraph Number":
            self._number(identifier, inside, changes)
            return
        elif "lang" in about:
            look = look._replace(language=about["lang"], rtl=about.get("dir") == "rtl")
        if identifier:
            start, end = self._book.bookmarked(identifier)
            self._items += [_Item(link, changes, None, xml=start), _Item(link, changes, None, xml=end)]
        self._all(inside, look, changes, link)

    def _of_paragraph(self, kind: str, about: dict[str, str]) -> None:
        if kind in TAGS:
            self.breaks.append(_change(kind, about))
        else:
            self.before = about

    def _before(self, about: dict[str, str]) -> str:
        """The look that a change of looks replaced: ``look`` holds the names of what it had."""
        had = set(about.get("look", "").split())
        old = PLAIN._replace(**{name: value for each in had for name, value in _LOOKS.get(each, {}).items()})
        who = mark(_change("modification", about), self._book.change_id())
        return f"<w:rPrChange {who}><w:rPr>{bare(old)}</w:rPr></w:rPrChange>"

    def _number(self, identifier: str, inside: list[Inline], changes: tuple[Change, ...]) -> None:
        """A paragraph's number, which is its address, and a tab."""
        words = "".join(each.get("c", " ") for each in inside)
        start, end = self._book.bookmarked(identifier)
        shown = f'<w:t xml:space="preserve">{names.text(words)}</w:t><w:tab/>'
        if any(change.kind == "deletion" for change in changes):
            shown = shown.replace("w:t ", "w:delText ").replace("/w:t>", "/w:delText>")
        self._items.append(_Item("", changes, None, xml=start))
        self._items.append(_Item("", changes, PLAIN._replace(style="ParagraphNumber"), xml=shown))
        self._items.append(_Item("", changes, None, xml=end))

    def _edge(self, kind: str, key: str) -> None:
        xml = self._book.comment_start(key) if kind == "comment-start" else "end:" + key
        if xml:
            self._items.append(_Item("", (), None, xml=xml))

    # --- writing

    def xml(self) -> str:
        """The runs. What stands between two runs of one change (a comment's edge) does not part them."""
        out: list[str] = []
        link = ""
        changes: tuple[Change, ...] = ()
        edges: list[str] = []
        kept: list[str] = []
        for item in [*self._items, _END]:
            if item.look is None:
                edges.append(item.xml)
                continue
            if item.link == link and item.changes == changes:
                self._flush(edges, out, kept if changes else out)
            else:
                out += [f"</{TAGS[change.kind]}>" for change in reversed(changes)]
                out += ["</w:hyperlink>"] if link and link != item.link else []
                out += kept
                kept.clear()
                self._flush(edges, out, out)
                out += [f"<w:hyperlink {item.link}>"] if item.link and item.link != link else []
                link, changes = item.link, item.changes
                out += [f"<{TAGS[each.kind]} {mark(each, self._book.change_id())}>" for each in changes]
            out.append(_run(item, changes))
        return "".join(out)

    def _flush(self, edges: list[str], out: list[str], signs: list[str]) -> None:
        """Where comments begin and end; a comment's sign must not become part of a tracked change."""
        for xml in edges:
            if xml.startswith("end:"):
                end, sign = self._book.comment_end(xml.removeprefix("end:"))
                out.append(end)
                signs.append(sign)
            else:
                out.append(xml)
        edges.clear()


#: How looks are named in a document's marks.
_LOOKS: dict[str, dict[str, Any]] = {
    "strong": {"bold": True},
    "em": {"italic": True},
    "superscript": {"vertical": "superscript"},
    "subscript": {"vertical": "subscript"},
    "link": {"style": "Hyperlink"},
}


def _change(kind: str, about: dict[str, str]) -> Change:
    return Change(kind, about.get("suggestion", ""), about.get("author", ""), about.get("date", ""))


#: What closes everything after the last run.
_END = _Item("", (), PLAIN)


def _run(item: _Item, changes: tuple[Change, ...]) -> str:
    if item is _END:
        return ""
    assert item.look is not None
    if item.xml:
        return f"<w:r>{properties(item.look)}{item.xml}</w:r>"
    tag = "w:delText" if any(change.kind == "deletion" for change in changes) else "w:t"
    words = names.text("".join(item.parts))
    return f'<w:r>{properties(item.look)}<{tag} xml:space="preserve">{words}</{tag}></w:r>'

"""Comments and tracked changes of an ODT file, which pandoc passes over.

Where one begins or ends, a sign is put into the text: a token that no file can name, and a number. What the
number means is in ``Tracked.points``, and the reader makes of it what it makes of Word's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from document.importing import restored
from document.importing.comments import Comment
from document.importing.inlines import clean
from document.importing.report import Report
from document.importing.restored import DC, OFFICE, TEXT, TEXTS, Region
from document.importing.tracked import Tracked, replaced
from document.uploads import Archive, Refused

_LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CONTENT = "content.xml"
_ANNOTATION, _ANNOTATION_END = f"{OFFICE}annotation", f"{OFFICE}annotation-end"
_START, _END, _NOTE = f"{TEXT}change-start", f"{TEXT}change-end", f"{TEXT}note"
_SPACES = (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break")
#: A change over many paragraphs has signs in each of them.
MOST_POINTS = 40_000


@dataclass
class Told:
    """The file as pandoc is given it, and what it would not have told."""

    data: bytes
    tracked: Tracked
    comments: list[Comment] = field(default_factory=list)
    found: dict[str, int] = field(default_factory=dict)


def prepare(data: bytes, archive: Archive, report: Report) -> Told:
    """Signs put into the text for each comment and each tracked change; both counted in the file's XML."""
    raw = archive.read(_CONTENT) or b""
    root: Any = archive.xml(_CONTENT) if b"annotation" in raw or b"changed-region" in raw else None
    if root is None:
        return Told(data, Tracked())
    regions = _regions(root)
    if restored.put_back(root, regions):
        report.say("deleted-table")
    comments = _comments(root)
    walk = _Walk(Tracked(), regions, {comment.id for comment in comments}, _ended(root))
    walk.walk(root)
    if silent := len(regions.keys() - walk.told):
        report.say("empty-change", count=silent)
    answers = [reply for comment in comments for reply in comment.replies]
    walk.found |= {
        "comments": len(comments),
        "replies": len(answers),
        "resolved": sum(each.resolved for each in (*comments, *answers)),
    }
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return Told(replaced(data, content, _CONTENT), walk.tracked, comments, walk.found)


# --- what the file says


def _moment(element: Any) -> str:
    """ISO 8601 as the file has it, fractions of a second left out."""
    return re.sub(r"\.\d+", "", (element.findtext(f"{DC}date") or "").strip())


def _regions(root: Any) -> dict[str, Region]:
    found = {}
    for element in root.iter(f"{TEXT}changed-region"):
        region = Region()
        for change in element:
            info = change.find(f"{OFFICE}change-info")
            kind = {f"{TEXT}insertion": "insertion", f"{TEXT}deletion": "deletion"}.get(change.tag, "form")
            about = {"author": info.findtext(f"{DC}creator") or "", "at": _moment(info)} if info is not None else {}
            region.changes.append({"kind": kind, "author": "", "at": "", **about})
            region.gone = change if kind == "deletion" else region.gone
        found[element.get(f"{TEXT}id", "")] = region
    return found


def _comments(root: Any) -> list[Comment]:
    """Comments in the file's order, each with its replies; a name is made for one that has none."""
    made: dict[str, tuple[Comment, str]] = {}
    for number, element in enumerate(root.iter(_ANNOTATION)):
        name = element.get(f"{OFFICE}name") or f"comment-{number}"
        if name in made:
            name = f"{name}-{number}"
        element.set(f"{OFFICE}name", name)
        author = clean(element.findtext(f"{DC}creator") or "")[:120]
        done = element.get(f"{_LOEXT}resolved") == "true"
        comment = Comment(name, author, _moment(element), _body(element), done)
        made[name] = (comment, element.get(f"{_LOEXT}parent-name", ""))
    tops = []
    for comment, parent in made.values():
        seen = {comment.id}
        while parent in made and parent not in seen and made[parent][1] in made:
            seen.add(parent)
            parent = made[parent][1]
        if parent in made and parent not in seen:
            made[parent][0].replies.append(comment)
        else:
            tops.append(comment)
    return tops


def _body(annotation: Any) -> str:
    return "\n".join(clean(_words(each)).strip() for each in annotation.iter(*TEXTS)).strip()


def _words(element: Any) -> str:
    """An element's words; spaces, tabs and line breaks are signs of their own in ODT."""
    if element.tag in _SPACES:
        return " "
    if element.tag == _ANNOTATION:
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [_words(child), child.tail or ""]
    return "".join(parts)


def _ended(root: Any) -> set[str]:
    """Changes and comments that say where they end."""
    names = {each.get(f"{TEXT}change-id", "") for each in root.iter(_END)}
    return names | {each.get(f"{OFFICE}name", "") for each in root.iter(_ANNOTATION_END)}


# --- signs in the text


@dataclass
class _Open:
    """A change that has begun and not ended. ``said``: within this paragraph; ``shows``: words since it was said."""

    about: dict[str, str]
    said: bool = False
    shows: bool = False


@dataclass
class _Walk:
    """Goes through the text in order and puts the signs into it. Nothing is removed on the way."""

    tracked: Tracked
    regions: dict[str, Region]
    comments: set[str]
    ended: set[str]
    found: dict[str, int] = field(default_factory=lambda: {"insertions": 0, "deletions": 0})
    open: dict[tuple[str, str], _Open] = field(default_factory=dict)
    #: The paragraphs and notes around the place, outermost first.
    around: list[Any] = field(default_factory=list)
    tables: int = -1
    rows: int = 0
    #: What is open around a note, while the place is in it.
    outside: list[dict[tuple[str, str], _Open]] = field(default_factory=list)
    #: Changes that a whole row stands in: what is in the row is told with it.
    whole: list[tuple[str, str]] = field(default_factory=list)
    #: Changes of which something was found in the text.
    told: set[str] = field(default_factory=set)

    def walk(self, root: Any) -> None:
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            if event == "start" and element.tag in (f"{TEXT}tracked-changes", _ANNOTATION):
                if element.tag == _ANNOTATION:
                    self._annotation(element)
                events.skip_subtree()
            elif event == "start":
                self._enter(element)
            else:
                self._leave(element)

    @property
    def _within(self) -> bool:
        """Whether the place is in a paragraph: of the text, or of a note; not in a box that hangs on one."""
        return len(self.around) == 1 + 2 * len(self.outside)

    def _enter(self, element: Any) -> None:
        tag = element.tag
        if tag in TEXTS:
            self.around.append(element)
            if self._within:
                signs = "".join(self._begin(key) for key in self.open if key not in self.whole)
                if element.text:
                    self._shown(element.text)
                element.text = signs + (element.text or "")
        elif tag == _NOTE:
            self._shown("1")
            self.around.append(element)
            self.outside.append(self.open)
            self.open = {}
        elif tag == f"{_TABLE}table" and _top(element):
            self.tables, self.rows = self.tables + 1, -1
        elif tag == f"{_TABLE}table-row" and _top(element.getparent(), row=True):
            self.rows += 1
            self._row(element)
        elif tag in (_START, _END):
            self._change(element)
        elif self._within:
            self._shown(" " if tag in _SPACES else element.text or "")

    def _leave(self, element: Any) -> None:
        if element.tag in TEXTS and self.around and self.around[-1] is element:
            if self._within:
                _last(element, "".join(self._crossed(key, element) for key in self.open if key not in self.whole))
            self.around.pop()
            return
        if element.tag == _NOTE:
            self.around.pop()
            self.open = self.outside.pop()
        elif element.tag == f"{_TABLE}table-row" and _top(element.getparent(), row=True):
            self.whole = []
        if element.tag == _ANNOTATION_END and element.get(f"{OFFICE}name") in self.comments:
            self._after(element, self._sign(edge=element.get(f"{OFFICE}name"), which="end"))
        elif element.tag not in (_START, _END, _ANNOTATION):
            self._shown(element.tail or "")

    def _sign(self, **means: Any) -> str:
        if len(self.tracked.points) >= MOST_POINTS:
            raise Refused("changes", "The file has more tracked changes and comments than can be read. Accept some.")
        return self.tracked.point(means)

    def _shown(self, words: str) -> None:
        if words and self._within:
            for change in self.open.values():
                change.shows = True

    def _after(self, element: Any, sign: str) -> None:
        """Put a sign behind an element, whose following words are seen now."""
        self._shown(element.tail or "")
        if self.around:
            element.tail = sign + (element.tail or "")

    # comments

    def _annotation(self, element: Any) -> None:
        name, signs = element.get(f"{OFFICE}name", ""), ""
        if name in self.comments and self.around:
            signs = self._sign(edge=name, which="start")
            signs += "" if name in self.ended else self._sign(edge=name, which="end")
        self._after(element, signs)

    # changes

    def _change(self, element: Any) -> None:
        name = element.get(f"{TEXT}change-id", "")
        signs = ""
        for change in self.regions[name].changes if name in self.regions else ():
            key = (name, change["kind"])
            if change["kind"] == "form":
                self.told.add(name)
                if element.tag == _START:
                    self.tracked.pass_over(self.tracked.without_points(_words(self.around[-1]) if self.around else ""))
            elif element.tag == _START and name in self.ended:
                self.open[key] = _Open(change)
                signs += self._begin(key) if self._within else ""
            elif element.tag == _END and key in self.open:
                signs += self._stop(key)
                del self.open[key]
        self._after(element, signs)

    def _begin(self, key: tuple[str, str]) -> str:
        change = self.open[key]
        change.said, change.shows = True, False
        return self._sign(begin="\n".join(key), **change.about)

    def _stop(self, key: tuple[str, str]) -> str:
        change = self.open[key]
        if not change.said:
            return ""
        self._count(key, change.shows)
        change.said = False
        return self._sign(end="\n".join(key))

    def _crossed(self, key: tuple[str, str], element: Any) -> str:
        """The end of a paragraph in the midst of a change: its mark came or went too, unless it ends a cell.

        A note has no paragraphs of its own here: its lines are one.
        """
        signs = self._stop(key)
        if self.outside or (element.getnext() is None and element.getparent().tag == f"{_TABLE}table-cell"):
            return signs
        self._count(key, True)
        about = self.open[key].about
        return signs + self._sign(mark=about["kind"], author=about["author"], at=about["at"])

    def _row(self, row: Any) -> None:
        """A row within a change came or went as a whole, unless the change ends in it."""
        inside = {each.get(f"{TEXT}change-id") for each in row.iter(_END)}
        for key, change in self.open.items():
            if key[0] not in inside:
                self.whole.append(key)
                self.tracked.rows[(self.tables, self.rows)] = change.about
        if self.whole:
            self._count(self.whole[-1], True)
            self.told.update(name for name, _kind in self.whole)

    def _count(self, key: tuple[str, str], shows: bool) -> None:
        if shows:
            self.found[f"{key[1]}s"] += 1
            self.told.add(key[0])


def _top(table: Any, row: bool = False) -> bool:
    """Whether a table is one that the reader counts: in no other, and in no list."""
    if row:
        while table is not None and table.tag != f"{_TABLE}table":
            table = table.getparent()
    outer = (f"{_TABLE}table", f"{TEXT}list", _NOTE, f"{TEXT}p")
    return table is not None and not any(each.tag in outer for each in table.iterancestors())


def _last(paragraph: Any, signs: str) -> None:
    """Put signs at a paragraph's end."""
    if len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "") + signs
    else:
        paragraph.text = (paragraph.text or "") + signs

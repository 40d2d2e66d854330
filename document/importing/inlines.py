"""pandoc's inline elements as inline content of the document language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from document.importing.pieces import merged, node, paragraph, plain, text_node, trimmed
from document.importing.report import Report
from document.importing.tracked import Tracked
from document.tree import Node

#: The rule of ``editor/schema.ts``; a test holds the two together.
LINK = re.compile(
    r"(?:https?://[^\s<>\"'`\\\x00-\x1f\x7f]{1,2000}|mailto:[^\s<>\"'`\\\x00-\x1f\x7f]{1,320})", re.IGNORECASE
)
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_MARKS = {
    "Strong": "strong", "Emph": "em", "Superscript": "superscript", "Subscript": "subscript",
    "Underline": "_underline", "SmallCaps": "_underline",
}  # fmt: skip
_QUOTES = {"SingleQuote": "‘’", "DoubleQuote": "“”"}

Element = dict[str, Any]


def clean(text: str) -> str:
    """Without control characters and lone surrogates; white space of any kind is one space."""
    return _CONTROL.sub("", re.sub(r"[\t\n\r]+", " ", text))


def pairs(attr: list[Any]) -> dict[str, str]:
    """The key–value part of a pandoc attribute."""
    return dict(attr[2])


@dataclass
class Reader:
    """Turns inline elements into content and gathers what does not fit into a line.

    ``suggestions`` maps a suggestion's id to author, time and kind; ``pictures`` holds the
    (path, alt) of the images met since the last ``take_pictures``.
    """

    report: Report
    prefix: str
    suggestions: dict[str, dict[str, str]] = field(default_factory=dict)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    bookmarks: int = 0
    #: What pandoc would not have told, and the numbers of our own that were taken off.
    tracked: Tracked = field(default_factory=Tracked)
    numbers: int = 0
    #: The marks of an ODT file's changes that have begun and not ended.
    open: dict[str, Node] = field(default_factory=dict)

    def read(self, elements: list[Element]) -> list[Node]:
        """Content with neighbouring texts joined; nothing is trimmed."""
        return merged(self._all(elements, []))

    def take_pictures(self) -> list[tuple[str, str]]:
        taken, self.pictures = self.pictures, []
        return taken

    def _all(self, elements: list[Element], marks: list[Node]) -> list[Node]:
        made: list[Node] = []
        words: list[str] = []
        for element in elements:
            kind = element["t"]
            # Nine of ten elements are a word or a space: a run of them is one text.
            if kind == "Str":
                words.append(element["c"])
            elif kind in ("Space", "SoftBreak"):
                words.append(" ")
            else:
                made += self._words(words, marks)
                made += self._one(element, marks)
        return made + self._words(words, marks)

    def _words(self, words: list[str], marks: list[Node]) -> list[Node]:
        text = clean("".join(words))
        words.clear()
        return self._said(text, marks)

    def _said(self, text: str, marks: list[Node]) -> list[Node]:
        """A text as nodes; signs in it begin and end changes and comments."""
        made: list[Node] = []
        for part in self.tracked.divided(text):
            if not isinstance(part, str):
                made += self._point(part)
            elif part:
                made.append(text_node(part, self._worn(marks)))
        return made

    def _worn(self, marks: list[Node]) -> list[Node]:
        """The marks with those of the changes that are open; never two of a kind."""
        worn = {mark["type"]: mark for mark in reversed(self.open.values())}
        return [*marks, *worn.values()] if worn else marks

    def _point(self, means: dict[str, str]) -> list[Node]:
        if "edge" in means:
            return [edge(means["edge"], means["which"])]
        if "mark" in means:
            return [node("_break", kind=means["mark"], author=means["author"], at=means["at"])]
        if "end" in means:
            self.open.pop(means["end"], None)
        else:
            identifier = self.suggest(means["kind"], means["author"], means["at"])
            self.open[means["begin"]] = {"type": means["kind"], "attrs": {"id": identifier}}
        return []

    def _one(self, element: Element, marks: list[Node]) -> list[Node]:
        kind: str = element["t"]
        content: Any = element.get("c")
        if kind == "LineBreak":
            return [node("hard_break")]
        if kind in _MARKS:
            return self._all(content, with_mark(marks, {"type": _MARKS[kind]}))
        handler = getattr(self, f"_{kind.lower()}", None)
        return handler(content, marks) if handler else []

    def _strikeout(self, content: Any, marks: list[Node]) -> list[Node]:
        made = self._all(content, marks)
        words = plain(paragraph(made))
        if words.strip():
            self.report.say("struck", excerpt=words)
        return made

    def _quoted(self, content: Any, marks: list[Node]) -> list[Node]:
        opening, closing = tuple(_QUOTES[content[0]["t"]])
        return [text_node(opening, marks), *self._all(content[1], marks), text_node(closing, marks)]

    def _cite(self, content: Any, marks: list[Node]) -> list[Node]:
        return self._all(content[1], marks)

    def _code(self, content: Any, marks: list[Node]) -> list[Node]:
        return self._said(clean(content[1]), marks)

    def _math(self, content: Any, marks: list[Node]) -> list[Node]:
        self.report.say("formula", excerpt=self.tracked.without_points(content[1]))
        return self._said(clean(content[1]), marks)

    def _rawinline(self, content: Any, marks: list[Node]) -> list[Node]:
        self.report.say("raw", excerpt=str(content[1]))
        return []

    def _link(self, content: Any, marks: list[Node]) -> list[Node]:
        href = content[2][0]
        if LINK.fullmatch(href):
            return self._all(content[1], with_mark(marks, {"type": "link", "attrs": {"href": href}}))
        if href.startswith("#"):
            self.bookmarks += 1
        else:
            self.report.say("link", excerpt=href)
        return self._all(content[1], marks)

    def _image(self, content: Any, marks: list[Node]) -> list[Node]:
        described = " ".join(str(each.get("text", "")) for each in self._all(content[1], []))
        alt = pairs(content[0]).get("alt") or described or content[2][1]
        self.pictures.append((content[2][0], " ".join(alt.split())))
        return []

    def _note(self, content: Any, marks: list[Node]) -> list[Node]:
        kept = [mark for mark in self._worn(marks) if mark["type"] in ("insertion", "deletion")]
        outer, self.open = self.open, {}
        lines = [trimmed(self.read(line)) for line in lines_of(content)]
        self.open = outer
        inside: list[Node] = []
        for line in (each for each in lines if each):
            inside += [node("hard_break"), *line] if inside else line
        made = node("footnote", inside)
        if kept:
            made["marks"] = kept
        return [made]

    def _span(self, content: Any, marks: list[Node]) -> list[Node]:
        attr, inner = content
        classes, values = attr[1], pairs(attr)
        if "comment-start" in classes:
            return [edge(values.get("id", ""), "start")]
        if "comment-end" in classes:
            return [edge(values.get("id", ""), "end"), *self._all(inner, marks)]
        if values.get("custom-style") == "Paragraph Number":
            self.numbers += 1
            return []
        for kind in ("insertion", "deletion"):
            if form := self.tracked.meant(values.get("author", "")):
                return self._form(form, inner, marks)
            if f"paragraph-{kind}" in classes:
                return [node("_break", kind=kind, author=values.get("author", ""), at=values.get("date", ""))]
            if kind in classes:
                return self._suggested(kind, values, inner, marks)
        language = values.get("lang", "")
        if LANGUAGE.fullmatch(language):
            marks = with_mark(marks, _language(language, values.get("dir", "")))
        return self._all(inner, marks)

    def _suggested(self, kind: str, values: dict[str, str], inner: list[Element], marks: list[Node]) -> list[Node]:
        identifier = self.suggest(kind, values.get("author", ""), values.get("date", ""))
        return self._all(inner, with_mark(marks, {"type": kind, "attrs": {"id": identifier}}))

    def _form(self, form: dict[str, Any], inner: list[Element], marks: list[Node]) -> list[Node]:
        """A tracked change of looks, or a language, around words; before them, a change of the paragraph's style or of
        its own mark."""
        if "break" in form:
            found = node("_break", kind=form["break"], author=form["author"], at=form["at"])
            return [found, *self._all(inner, marks)]
        if "language" in form:
            return self._all(inner, with_mark(marks, _language(form["language"], form["dir"])))
        identifier = self.suggest("modification", form["author"], form["at"])
        mark = {"type": "modification", "attrs": {"id": identifier, "was": form["was"]}}
        if "block" in form:
            return [node("_form", mark=mark), *self._all(inner, marks)]
        return self._all(inner, [*marks, mark])

    def suggest(self, kind: str, author: str, at: str) -> str:
        """A new suggestion's id."""
        identifier = f"{self.prefix}s{len(self.suggestions) + 1}"
        self.suggestions[identifier] = {"author": clean(author)[:120], "at": at, "kind": kind}
        return identifier


def _language(tag: str, direction: str) -> Node:
    return {"type": "language", "attrs": {"lang": tag, "dir": "rtl" if direction == "rtl" else "ltr"}}


def edge(identifier: str, which: str) -> Node:
    return node("_edge", comment=identifier, edge=which)


def with_mark(marks: list[Node], mark: Node) -> list[Node]:
    """The marks with one more; a second link or language replaces the first."""
    if mark["type"] in ("insertion", "deletion"):
        return [*marks, mark]
    return [*(each for each in marks if each["type"] != mark["type"]), mark]


def lines_of(blocks: list[Element]) -> list[list[Element]]:
    """The inline content of blocks as lines: how a footnote or a caption takes paragraphs and lists."""
    lines: list[list[Element]] = []
    for block in blocks:
        kind: str = block["t"]
        content: Any = block.get("c")
        if kind in ("Para", "Plain"):
            lines.append(content)
        elif kind == "Header":
            lines.append(content[2])
        elif kind == "Div":
            lines += lines_of(content[1])
        elif kind == "BlockQuote":
            lines += lines_of(content)
        elif kind == "BulletList":
            lines += [line for item in content for line in lines_of(item)]
        elif kind == "OrderedList":
            lines += [line for item in content[1] for line in lines_of(item)]
        elif kind == "LineBlock":
            lines += content
        elif kind == "CodeBlock":
            lines.append([{"t": "Str", "c": content[1]}])
        elif kind == "Table":
            lines += table_lines(content)
    return lines


def table_lines(content: list[Any]) -> list[list[Element]]:
    """Every line of every cell, row by row."""
    rows = [*content[3][1], *(row for body in content[4] for row in (*body[2], *body[3])), *content[5][1]]
    return [line for row in rows for cell in row[1] for line in lines_of(cell[4])]

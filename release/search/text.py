"""The words of a published page, without what is only there to find one's way."""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: Around a hit in what PostgreSQL highlights. Private characters, taken out of every text before,
#: so that what is escaped afterwards is the text and what is marked is ours.
START, STOP = "\ue000", "\ue001"

#: Paragraph numbers, calls and returns of notes, links beside paragraphs.
_FURNITURE = frozenset({"no", "noteref", "note-no", "note-back", "para-action"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_INLINE = frozenset({"a", "b", "bdi", "code", "del", "em", "i", "ins", "mark", "span", "strong", "sub", "sup", "u"})
# NUL is refused by PostgreSQL; the rest of the controls say nothing.
_CONTROLS = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{START}{STOP}]")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        #: Depth inside an element that is left out; 0 outside.
        self.skipped = 0
        self.titled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.pieces.append(" ")
        if tag in _VOID:
            return
        classes = (dict(attrs).get("class") or "").split()
        own_title = tag == "h2" and not self.titled
        self.titled = self.titled or tag == "h2"
        if self.skipped or own_title or _FURNITURE & set(classes):
            self.skipped += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if tag not in _INLINE:
            self.pieces.append(" ")
        self.skipped = max(0, self.skipped - 1)

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.pieces.append(data)


def words(fragment: str) -> str:
    """A section's page fragment as plain text on one line, without its title (the first ``h2``)."""
    parser = _Words()
    parser.feed(fragment)
    parser.close()
    return clean("".join(parser.pieces))


def clean(text: str) -> str:
    """One line, single spaces, nothing that PostgreSQL refuses or that we mark hits with."""
    return " ".join(_CONTROLS.sub(" ", text).split())

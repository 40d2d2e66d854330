"""The file that is being written: everything that is counted or kept once for all of its text."""

from __future__ import annotations

from dataclasses import dataclass, field

from document.pandoc.ast import Block
from document.publication import FigureFile
from document.word import blocks, names
from document.word.comments import Comments
from document.word.lists import Lists
from document.word.moves import Moves
from document.word.names import quoted
from document.word.pictures import Pictures, drawing

#: Notes with these numbers are the lines between text and notes.
_FIRST_NOTE = 1


@dataclass
class Relations:
    """What a part points to: (kind, target) → its name there."""

    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, kind: str, target: str) -> str:
        return self.known.setdefault((kind, target), f"rId{len(self.known) + 1}")

    def xml(self) -> bytes:
        rows = []
        for (kind, target), name in self.known.items():
            mode = ' TargetMode="External"' if kind == "hyperlink" else ""
            url = kind if kind.startswith("http") else f"{names.RELATIONS}/{kind}"
            rows.append(f'<Relationship Id="{name}" Type="{url}" Target={quoted(target)}{mode}/>')
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        return f'{head}<Relationships xmlns="{names.PACKAGE}">{"".join(rows)}</Relationships>'.encode()


@dataclass
class Book:
    """Implements ``runs.Book``: notes, links, pictures, comments and numbers given out."""

    figures: dict[str, FigureFile]
    comments: Comments = field(default_factory=Comments)
    relations: Relations = field(default_factory=Relations)
    of_notes: Relations = field(default_factory=Relations)
    lists: Lists = field(default_factory=Lists)
    pictures: Pictures = field(default_factory=Pictures)
    moves: Moves = field(default_factory=Moves)
    notes: list[str] = field(default_factory=list)
    language: str = ""
    rtl: bool = False
    #: Whether a note is being written: its links belong to another part.
    within_note: bool = False
    #: Whether the last that was written is a table or a box: what follows keeps its distance.
    below: bool = False
    _numbers: int = 0

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers

    change_id = _next

    def link(self, url: str) -> str:
        """The attribute of a hyperlink."""
        if url.startswith("#"):
            return f"w:anchor={quoted(names.bookmark(url[1:]))}"
        relations = self.of_notes if self.within_note else self.relations
        return f'r:id="{relations.of("hyperlink", url)}"'

    def bookmarked(self, name: str) -> tuple[str, str]:
        number = self._next()
        start = f'<w:bookmarkStart w:id="{number}" w:name={quoted(names.bookmark(name))}/>'
        return start, f'<w:bookmarkEnd w:id="{number}"/>'

    def picture(self, url: str, alt: str, wide: bool) -> str:
        file = self.figures[url.removeprefix("asset:")]
        relation = self.relations.of("image", self.pictures.part(file))
        return drawing(file, relation, self._next(), alt, wide)

    def note(self, content: list[Block]) -> str:
        """A footnote's sign; its text goes into its own part."""
        number = len(self.notes) + _FIRST_NOTE
        self.notes.append("")  # its place, should a note stand in a note
        self.within_note = True
        shown = blocks.write(content, _place_of_note(self))
        self.within_note = False
        self.notes[number - _FIRST_NOTE] = f'<w:footnote w:id="{number}">{shown or "<w:p/>"}</w:footnote>'
        return f'<w:footnoteReference w:id="{number}"/>'

    def comment_start(self, key: str) -> str:
        return self.comments.start(key)

    def comment_end(self, key: str) -> tuple[str, str]:
        return self.comments.end(key)

    def footnotes(self) -> bytes:
        """The content of ``footnotes.xml``."""
        lines = (
            '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
            '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
            "</w:footnote>"
        )
        return names.part("w:footnotes", lines + "".join(self.notes))


def _place_of_note(book: Book) -> blocks.Place:
    """Where a note's paragraphs stand."""
    return blocks.Place(book, style="FootnoteText", language=book.language, rtl=book.rtl, note=True)

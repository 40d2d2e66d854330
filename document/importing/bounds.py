"""What a draft may hold before a converter opens it (TRUST 11): a refusal must not cost what a conversion does.

A converter that is ended by its limits has used them up first: twenty seconds, a quarter of a gigabyte.
What makes one slow can be counted in milliseconds: words, depth, and in Markdown the signs that a
parser has to try in many ways. Ordinary drafts stay far below: the largest real one has 35,000 words,
10 levels, and some fifty such signs in a paragraph.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any

from lxml import etree

from document.uploads import Archive, Refused

#: As many as the converter's memory is known to suffice for.
MOST_WORDS = 180_000
#: Elements within one another.
MOST_LEVELS = 120
#: In one block of Markdown, which ends at an empty line: lines (a table's rows), signs that may open
#: something, and how many more may open than close.
MOST_LINES, MOST_SIGNS, MOST_OPEN = 5_000, 4_000, 200
#: Columns that a line of Markdown may be pushed in by spaces and quotation marks.
MOST_COLUMNS = 80

_EMPTY_LINE = re.compile(r"\n[ \t>\r]*\n")
_DEEP = re.compile(rf"^[ \t>]{{{MOST_COLUMNS}}}[ \t>]*[^ \t>\r\n]", re.MULTILINE)
_SIGN = re.compile(r"[\[(<*_]|`+")
#: A row of these is looked for again to the paragraph's end, once for each length.
_LONG_TICKS = "`" * 40
_PAIRS = ("[]", "()", "<>")


#: The parts of a Word or ODT file that a converter turns into text.
_TEXTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml", "content.xml")


def check_office(archive: Archive) -> None:
    """Refuse a Word or ODT file whose text is too long or too deep. Nothing is built of it.

    XML that cannot be read is left to whoever reads it.
    """
    bounds = _Bounds()
    for name in _TEXTS:
        if content := archive.read(name):
            bounds.level = 0
            parser = etree.XMLParser(target=bounds, resolve_entities=False, no_network=True, load_dtd=False)
            with contextlib.suppress(etree.XMLSyntaxError):
                etree.fromstring(content, parser)


class _Bounds:
    """What a parser tells while it reads. A word that is cut into runs counts as its pieces."""

    def __init__(self) -> None:
        self.level = self.words = 0

    def start(self, tag: str | bytes, attrib: Any) -> None:
        self.level += 1
        if self.level > MOST_LEVELS:
            raise too_deep()

    def end(self, tag: str | bytes) -> None:
        self.level -= 1

    def data(self, data: str | bytes) -> None:
        self.words += len(data.split())
        check_words(self.words)

    def comment(self, text: str | bytes) -> None:
        """Not read by anybody."""

    def close(self) -> None:
        return None


def check_words(words: int) -> None:
    if words > MOST_WORDS:
        raise Refused("words", "The file has more than 180,000 words. Divide it and import its parts one by one.")


def too_deep() -> Refused:
    return Refused("depth", "The file is nested too deeply to be read.")


def check_text(text: str) -> None:
    """Refuse plain text that is too long."""
    check_words(len(text.split()))


def check_markdown(text: str) -> None:
    """Refuse Markdown that is too long, too deep, or that a parser would try to read in too many ways."""
    check_text(text)
    if _DEEP.search(text):
        raise too_deep()
    for block in _EMPTY_LINE.split(text):
        if block.count("\n") > MOST_LINES:
            raise Refused("lines", "The file has more than 5,000 lines without an empty one between. Divide them.")
        if any(block.count(pair[0]) - block.count(pair[1]) > MOST_OPEN for pair in _PAIRS):
            raise Refused("open", "The file opens many brackets that it does not close. Close them, or remove them.")
        if _LONG_TICKS in block or sum(1 for _sign in _SIGN.finditer(block)) > MOST_SIGNS:
            raise Refused(
                "signs", "One paragraph of the file has more than 4,000 brackets, stars or the like. Divide it."
            )

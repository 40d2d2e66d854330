"""Word's vocabulary: name spaces, escaping, attributes. Strings, because a brief is half a million elements."""

from __future__ import annotations

import hashlib
from xml.sax.saxutils import escape

from document.characters import clean

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
#: What the parts with text declare; ``w14`` and later are Word's own additions, which others may skip.
SPACES = {
    "w": W,
    "r": RELATIONS,
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "w16cid": "http://schemas.microsoft.com/office/word/2016/wordml/cid",
}
#: Word's longest name of a bookmark.
_LONGEST = 40


def part(root: str, inside: str) -> bytes:
    """A part of the package: its root element with every name space."""
    spaces = " ".join(f'xmlns:{name}="{url}"' for name, url in SPACES.items())
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<{root} {spaces} mc:Ignorable="w14 w15 w16cid">{inside}</{root}>'.encode()


def quoted(value: str) -> str:
    """A value for an attribute, with its quotation marks."""
    return '"' + escape(clean(value), {'"': "&quot;", "\n": " ", "\t": " "}) + '"'


def text(words: str) -> str:
    return escape(words)


def style_id(name: str) -> str:
    """The identifier of a style of ours: its name without spaces."""
    return name.replace(" ", "")


def bookmark(name: str) -> str:
    """A bookmark's name as Word takes it: long ones are shortened to a hash, the same each time."""
    return name if len(name) <= _LONGEST else f"b{hashlib.sha256(name.encode()).hexdigest()[: _LONGEST - 1]}"

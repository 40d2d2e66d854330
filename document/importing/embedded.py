"""Pictures inside a file's own text: the converter gets a name for each, as for those of an archive."""

from __future__ import annotations

import base64
import binascii
import itertools
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

#: What stands before the picture's address, and the address: in HTML, in Markdown (a line's own, or by reference).
_PLACES = {
    "html": re.compile(r"""(<img\b[^<>]*?\bsrc\s*=\s*["']\s*)(data:image/[^"']*)""", re.I),
    "md": re.compile(
        r"""(!\[[^\[\]\n]{0,500}\]\(\s*<?|^ {0,3}\[[^\[\]\n]{1,500}\]:\s*<?)(data:image/[^\s()<>"']*)""", re.I | re.M
    ),
}
_NAMED = "picture-in-the-page-%d"
#: Pictures that are read; a text of people has fewer, and each is decoded whole.
MOST_PICTURES = 500


def pictures(text: str, ending: str) -> dict[str, bytes]:
    """Name → content of each picture that the text holds itself."""
    return dict(_pictures(text, ending))


def _pictures(text: str, ending: str) -> Iterator[tuple[str, bytes]]:
    for number, found in enumerate(itertools.islice(_PLACES[ending].finditer(text), MOST_PICTURES)):
        head, _comma, content = found[2].partition(",")
        raw = unquote_to_bytes(content)
        try:
            yield _NAMED % number, base64.b64decode(raw) if ";base64" in head.lower() else raw
        except binascii.Error:
            yield _NAMED % number, b""


def named(text: str, ending: str) -> str:
    """The text with names where its pictures were."""
    numbers = itertools.count()
    return _PLACES[ending].sub(lambda found: found[1] + _NAMED % next(numbers), text)

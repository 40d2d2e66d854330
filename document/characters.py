"""Characters that no XML or HTML text may hold."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """The text with forbidden characters replaced one for one by U+FFFD: offsets count on it."""
    return _FORBIDDEN.sub("\ufffd", text)


#: What stands in a text and is not seen: controls, directions, zero widths, fillers, tags.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    # Joiners are part of the spelling in Persian and in India, and of emoji; beside Latin letters they only hide.
    "|(?<![^\x00-\u02ff\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff\u200c\u200d])"
)


def unseen(text: str) -> str:
    """The first character of a one-line text that nobody sees, or an empty string."""
    found = _UNSEEN.search(text)
    return found.group() if found else ""


def seen(text: str) -> str:
    """The text without the characters that nobody sees; line ends and tabs become spaces."""
    return _UNSEEN.sub("", re.sub(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+", " ", text))


def shorten(text: str, limit: int = 80) -> str:
    """One line of at most ``limit`` characters, cut at a word and then with "…"."""
    line = " ".join(text.replace("\ufffc", " ").split())
    if len(line) <= limit:
        return line
    begun = line[: limit - 1]
    whole = begun if line[limit - 1] == " " else begun.rsplit(" ", 1)[0]
    return whole.rstrip(" ,;:–-") + "…"

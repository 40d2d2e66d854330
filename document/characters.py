"""Characters that no XML or HTML text may hold."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """The text with forbidden characters replaced one for one by U+FFFD: offsets count on it."""
    return _FORBIDDEN.sub("\ufffd", text)

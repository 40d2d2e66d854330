"""Words that the brief has agreed to avoid (S0-10)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from document.checks.passages import Passage
from document.checks.records import Term

_QUOTED = re.compile(r"“[^“”]*”|«[^«»]*»|„[^„“”]*[“”]|\"[^\"]*\"")


def avoided(passage: Passage, terms: Sequence[Term]) -> list[tuple[int, int, Term]]:
    """Spans of avoided wordings. What is quoted is left as it was said, and so are words of other languages."""
    if not terms or "block_quote" in passage.inside:
        return []
    left = [match.span() for match in _QUOTED.finditer(passage.seen)] + list(passage.foreign)
    found = []
    for term in terms:
        for match in _pattern(term.avoid).finditer(passage.seen):
            if not any(first <= match.start() < last for first, last in left):
                found.append((*match.span(), term))
    return sorted(found, key=lambda each: each[:2])


@lru_cache(maxsize=512)
def _pattern(wordings: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words, whatever their case and the spaces between them; the longest wording first."""
    by_length = sorted(wordings, key=len, reverse=True)
    parts = [r"\s+".join(re.escape(word) for word in wording.split()) for wording in by_length if wording.split()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts) or '(?!)'})(?!\w)", re.IGNORECASE)

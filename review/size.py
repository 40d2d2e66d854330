"""How long a version takes to read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from brief.models import Version

WORDS_A_PAGE = 400
#: Slower than for pleasure: a reviewer reads to object.
WORDS_A_MINUTE = 180


@dataclass(frozen=True)
class Size:
    words: int
    pages: int
    minutes: int


def size_of(version: Version) -> Size:
    """Words as frozen; pages and minutes rounded up, minutes to five."""
    words = version.sections.aggregate(total=Sum("words"))["total"] or 0
    pages = max(1, -(-words // WORDS_A_PAGE))
    minutes = max(5, -(-words // WORDS_A_MINUTE // 5) * 5)
    return Size(words, pages, minutes)

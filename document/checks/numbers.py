"""Numbers that are said without a claim or a source (S0-8).

The editor draws its soft underline by the same rule (``editor/claims/numbers.ts``); ``tests/corpus/numbers.json``
holds both to it.
"""

from __future__ import annotations

import re

from document.checks.passages import Passage

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DIGITS = r"\d{1,3}(?:[ \u00a0\u202f,.'’]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_MONEY = r"(?:[€$£¥]|\b(?:EUR|USD|GBP|CHF)\s)\s?"
#: A number, or a range of two.
NUMBER = re.compile(
    rf"(?<![^\W_])(?<![/@#.\-])(?:{_MONEY})?(?:{_DIGITS})(?:\s?[-–—]\s?(?:{_DIGITS}))?(?![^\W_]|[-/][^\W\d_]|/\d)"
)
#: Figures that say nothing to be checked: years, days, times, places in texts, addresses, names.
_NOTHING = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:https?://|www\.|doi:)\S+",
        r"\b10\.\d{4,9}/\S+",
        r"\bISBN[\s:]*[\d\- ]+",
        rf"\b\d{{1,2}}(?:\s?[-–]\s?\d{{1,2}})?(?:st|nd|rd|th)?\s+{_MONTH}(?:\s+\d{{4}})?",
        rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?\b",
        r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\d{1,2}\.\d{4}\b|\b\d{1,2}/\d{1,2}/\d{4}\b",
        r"\b\d{1,2}:\d{2}\b",
        r"\b(?:paragraphs?|paras?|sections?|articles?|arts?|chapters?|parts?|tables?|figures?|figs?|box(?:es)?"
        r"|annex(?:es)?|append(?:ix|ices)|pages?|pp?|nos?|numbers?|resolutions?|conventions?|directives?|regulations?"
        r"|rules?|goals?|targets?|sdgs?|steps?|phases?|versions?|volumes?|vol|items?|questions?|recommendations?"
        r"|objectives?|footnotes?|notes?|levels?|tiers?|objectives?|pillars?|scenarios?|cases?|options?|types?)"
        r"\.?\s+\d+(?:\.\d+)*(?:(?:,\s*|\s+(?:and|or|to)\s+|\s?[-–]\s?)\d+(?:\.\d+)*)*(?!\s?%)\b",
        r"^\s*\(?\d{1,3}[.)]\s",
        r"\(\d{1,2}\)",
    )
]
_YEAR = re.compile(
    r"(?<![\d.,€$£¥])(?<![€$£¥]\s)\b(?:1[5-9]|20)\d{2}(?:\s?[-–—/]\s?(?:(?:1[5-9]|20)\d{2}|\d{2}))?s?\b"
    r"(?![.,]?\d|\s?(?:%|per\s?cent|percent|€|million|billion))"
)


def spans(text: str) -> list[tuple[int, int]]:
    """Where numbers stand that say how much or how many; ranges are one."""
    masked = text
    for pattern in [*_NOTHING, _YEAR]:
        masked = pattern.sub(lambda match: "_" * len(match.group()), masked)
    return [match.span() for match in NUMBER.finditer(masked)]


def bare(passage: Passage) -> list[tuple[int, int]]:
    """Spans of numbers that no claim covers and whose sentence cites nothing.

    Headings repeat, footnotes are notes themselves, and tables are looked at as a whole.
    """
    if passage.kind == "heading" or passage.inside & {"footnote", "table"}:
        return []
    sentences = passage.sentences()
    cited = {span for span in sentences if any(span[0] <= at < span[1] for at in passage.cited)}
    found = []
    for start, end in spans(passage.seen):
        claimed = any(first < end and start < last for first, last, _id in passage.claims)
        within = next((span for span in sentences if span[0] <= start < span[1]), None)
        if not claimed and within not in cited:
            found.append((start, end))
    return found

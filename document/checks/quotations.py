"""Words of others: whose they are, whether they agreed, and whether they are still the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from document.checks.base import Finding
from document.checks.passages import Passage
from document.checks.records import Quote

#: Fewer words between quotation marks are a term, not somebody's words.
LEAST_WORDS = 5
#: Likeness (0–100) from which words are taken for those of a kept quotation.
ALIKE = 86
_QUOTED = re.compile(r"“([^“”]{12,})”|«\s?([^«»]{12,}?)\s?»|„([^„“”]{12,})[“”]|\"([^\"]{12,})\"")


def spans(passage: Passage) -> list[tuple[int, int]]:
    """Where words are quoted: a block quotation as a whole, otherwise what stands between quotation marks."""
    if "footnote" in passage.inside or passage.kind == "heading":
        return []
    if "block_quote" in passage.inside:
        return [(0, len(passage.seen))] if len(passage.seen.split()) >= LEAST_WORDS else []
    found = []
    for match in _QUOTED.finditer(passage.seen):
        group = match.lastindex or 0
        if len(match.group(group).split()) >= LEAST_WORDS:
            found.append(match.span(group))
    return found


def faults(passage: Passage, quotes: Sequence[Quote], nearby: bool) -> Iterator[Finding]:
    """``nearby``: whether the block around a block quotation cites something."""
    for start, end in spans(passage):
        words = passage.seen[start:end].replace("\ufffc", "").strip()
        kept = _kept(words, quotes)
        if kept is not None:
            yield from _of_kept(passage, start, end, words, kept)
        elif not (nearby or _cited(passage, start, end)):
            yield _at(passage, start, end, "quote")


def _cited(passage: Passage, start: int, end: int) -> bool:
    first, last = passage.sentence_at(start)[0], passage.sentence_at(max(start, end - 1))[1]
    return any(first <= at < max(last, end + 2) for at in passage.cited)


def _kept(words: str, quotes: Sequence[Quote]) -> Quote | None:
    """The kept quotation whose words these are, or of which they are a part."""
    plain = _plain(words)
    best = max(quotes, key=lambda quote: fuzz.partial_ratio(plain, _plain(quote.words)), default=None)
    if best is None or fuzz.partial_ratio(plain, _plain(best.words)) < ALIKE:
        return None
    return best


def _plain(words: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", words.casefold()))


def _of_kept(passage: Passage, start: int, end: int, words: str, quote: Quote) -> Iterator[Finding]:
    def at(code: str) -> Finding:
        return _at(passage, start, end, code, quote)

    if quote.consent == "refused" or quote.attribution == "none":
        yield at("quote-refused")
    elif quote.consent == "asked":
        yield at("quote-consent")
    if not quote.verified:
        yield at("quote-unverified")
    pieces = [_plain(piece) for piece in re.split(r"\[[^\]]*\]|\(?…\)?|\.\.\.", words)]
    if not all(piece in _plain(quote.words) for piece in pieces):
        yield at("quote-altered")
    if quote.attribution in ("capacity", "organisation", "none") and _names(passage.seen, quote.speaker):
        yield at("quote-named")


def _names(text: str, speaker: str) -> bool:
    """Whether the speaker's family name stands in the words around."""
    family = (speaker.split(",")[0] if "," in speaker else speaker.rsplit(" ", 1)[-1]).strip()
    return bool(family) and re.search(rf"(?<!\w){re.escape(family)}(?!\w)", text) is not None


def _at(passage: Passage, start: int, end: int, code: str, quote: Quote | None = None) -> Finding:
    block, first, last = passage.place(start, end)
    values = {"speaker": quote.speaker} if quote else {}
    return Finding(code, words=passage.text[start:end][:200], block=block, start=first, end=last, values=values)

"""What could do harm to people: a recognisable person, private details, distress unannounced, a manual.

Wordings are English; a brief in another language is asked by its checklist alone. Every rule points out and
decides nothing: whether a reader could recognise somebody, a person must say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from document.checks.base import Finding
from document.checks.passages import Passage

_DISTRESS = re.compile(
    r"\b(?:rap(?:e|ed|es|ing)|gang-rap\w+|tortur\w+|sexual(?:ly)? (?:abus|assault|violen)\w+|child sexual\w*"
    r"|suicid\w+|self-harm\w*|mutilat\w+|behead\w+|stillb\w+|beaten|electrocut\w+|strangl\w+|starv(?:ed|ing))\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w])\+\d{1,3}[ (\d)\-]{7,}\d"
    r"|\b\d{1,3}\.\d{4,},\s?-?\d{1,3}\.\d{4,}\b"
    r"|\b(?:\d{1,3}\.){3}\d{1,3}\b"
    r"|\b[a-z2-7]{16,56}\.onion\b"
    r"|\bpassport (?:no\.?|number) [A-Z0-9]{5,}"
    r"|\b(?:bc1[a-z0-9]{20,}|0x[0-9a-fA-F]{40})\b"
    r"|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b",
)
_PERSON = re.compile(
    r"\b(?:a|an|the|one|this|her|his|young(?:er)?|\d{1,2}-year-old)\s+(?:[a-z\-]+\s+|[A-Z][a-z]+\s+){0,2}"
    r"(?:woman|man|girl|boy|victim|survivor|migrant|worker|teenager|child|mother|father|student|recruit|trainee|graduate"
    r"|refugee|national|citizen|villager|applicant)\b"
    r"|\b(?:she|he)\b",
    re.IGNORECASE,
)
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NOUN = "(?:woman|man|girl|boy|national|citizen|victim|survivor|migrant|worker|teenager|student|mother|father|graduate)"
_NEAR = "(?:husband|wife|brother|sister|son|daughter|children|mother|father|uncle|aunt|cousin|boyfriend|girlfriend)"
_TRADE = "(?:nurse|teacher|driver|engineer|student|translator|programmer|farmer|waitress|waiter|cook|seamstress)"
#: Kind of detail → how it is told.
_DETAILS: dict[str, re.Pattern[str]] = {
    "age": re.compile(
        r"\b\d{1,2}[- ]years?[- ]old\b|\baged \d{1,2}\b|\bat the age of \d{1,2}\b"
        r"|\bin (?:her|his) (?:teens|twenties|thirties|forties|fifties)\b"
    ),
    "origin": re.compile(
        rf"\b[A-Z][a-z]+(?:ian|ean|ese|ish|ani|eni|ino|ina|ic|ch|ai|ari|van|yz)\s+{_NOUN}\b"
        r"|\b(?:national|citizen) of [A-Z]\w+|\b(?:born|raised) in\b|\bethnic [A-Z]\w+"
    ),
    "place": re.compile(
        r"\b(?:in|from|near|to|outside) (?:the )?(?:village|town|city|suburb|district|compound|province) of [A-Z]\w+"
        r"|\b(?:from|near|outside) [A-Z][a-z]{2,}"
    ),
    "work": re.compile(
        r"\b(?:worked|working|employed|hired|trained) as an? \w+|\b(?:a|the) former \w+|\bdegree in \w+"
        rf"|\b(?:a|an) {_TRADE}\b"
    ),
    "family": re.compile(
        r"\b(?:mother|father) of (?:one|two|three|four|five|\d)\b|\bpregnant\b|\bwidow(?:ed|er)?\b|\borphan\w*\b"
        rf"|\b(?:[Hh]er|[Hh]is) (?:\w+ )?{_NEAR}\b"
    ),
    "date": re.compile(
        rf"\b(?:on|since) (?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}})?,? ?(?:\d{{4}})?\b|\bin {_MONTH} \d{{4}}\b"
    ),
    "body": re.compile(
        r"\b(?:scar|tattoo|birthmark|disab\w+|wheelchair|deaf|blind|HIV[- ]positive|diabet\w+)\b", re.IGNORECASE
    ),
    "name": re.compile(r"\b(?:named|called|known as) [A-Z][a-z]+|\b[A-Z]\.\s?[A-Z]\.(?=\s+(?:was|had|is|told|said))"),
}
#: So many kinds of detail about one person are a jigsaw (S3-4).
PIECES = 3
_MANUAL = re.compile(
    r"\bhow to (?:create|forge|fake|evade|bypass|recruit|launder|lure|deceive|hide|disguise|spoof|clone|groom)\b"
    r"|\b(?:without being|to avoid being|to escape|to avoid|to evade)"
    r" (?:detect\w+|caught|traced|identified|verification|moderation)\b"
    r"|\bstep-by-step\b"
    r"|\b(?:bypass|circumvent|defeat)(?:es|ing)? (?:the )?"
    r"(?:verification|moderation|filters?|age checks?|identity checks?|controls?)\b"
    r"|\b(?:use|using|buy|buying|rent|renting) (?:a |an )?"
    r"(?:burner|mule account|stolen identit\w+|bulletproof host\w*|sim farm)\b",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^\s*(?:create|open|buy|register|download|install|use|choose|contact|send|ask|offer|transfer|post|set up"
    r"|upload|delete|generate)\b",
    re.IGNORECASE,
)


def faults(passages: Sequence[Passage], *, announced: bool, language: str) -> Iterator[Finding]:
    """``announced``: whether the section has a content notice."""
    for passage in passages:
        yield from _spans(passage, _PERSONAL, "personal")
    if not language.lower().startswith("en"):
        return
    if not announced:
        yield from islice(distress(passages, language), 1)
    for passage in passages:
        yield from _spans(passage, _MANUAL, "manual")
    yield from _steps(passages)
    yield from _jigsaws(passages)


def distress(passages: Sequence[Passage], language: str) -> Iterator[Finding]:
    """What a content notice should announce (S4-5), place by place."""
    for passage in passages if language.lower().startswith("en") else ():
        if found := _DISTRESS.search(passage.seen):
            yield _at(passage, *found.span(), "notice")


def _spans(passage: Passage, pattern: re.Pattern[str], code: str) -> Iterator[Finding]:
    for match in pattern.finditer(passage.seen):
        yield _at(passage, *match.span(), code)


def _steps(passages: Sequence[Passage]) -> Iterator[Finding]:
    """A numbered list whose items tell somebody what to do, outside recommendations."""
    lists: dict[str, list[Passage]] = {}
    for passage in passages:
        if "ordered_list" in passage.inside and "recommendation" not in passage.inside:
            lists.setdefault(passage.top, []).append(passage)
    for items in lists.values():
        orders = [item for item in items if _STEP.match(item.seen)]
        if len(orders) >= 3 and len(orders) * 2 >= len(items):
            yield _at(orders[0], 0, len(orders[0].seen), "manual")


def _jigsaws(passages: Sequence[Passage]) -> Iterator[Finding]:
    """By paragraph; a case's box is one person's story, so it is looked at as a whole."""
    groups: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.kind != "heading" and "footnote" not in passage.inside:
            groups.setdefault(passage.top if "case" in passage.inside else passage.id, []).append(passage)
    for group in groups.values():
        whole = "\n".join(passage.seen for passage in group)
        if not _PERSON.search(whole):
            continue
        pieces = [name for name, pattern in _DETAILS.items() if pattern.search(whole)]
        if len(pieces) >= PIECES:
            first = group[0]
            yield _at(first, 0, len(first.seen), "jigsaw", details=", ".join(pieces))


def _at(passage: Passage, start: int, end: int, code: str, **values: str) -> Finding:
    block, first, last = passage.place(start, end)
    return Finding(code, words=passage.text[start:end][:200], block=block, start=first, end=last, values=values)

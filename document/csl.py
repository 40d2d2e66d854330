"""CSL-JSON from outside, as it may be kept: each field of the shape its readers count on.

Whoever reads a source later (labels, citeproc, the page of sources) looks into names, dates and the
address without asking; a record of another shape would stop the page, and the candidate, for everybody.
"""

from __future__ import annotations

import re
from typing import Any

from document import addresses
from document.characters import clean, seen

NAMES = frozenset(
    [
        "author",
        "collection-editor",
        "composer",
        "container-author",
        "contributor",
        "curator",
        "director",
        "editor",
        "editorial-director",
        "guest",
        "host",
        "illustrator",
        "interviewer",
        "organizer",
        "original-author",
        "performer",
        "producer",
        "recipient",
        "reviewed-author",
        "translator",
    ]
)
DATES = frozenset({"accessed", "available-date", "event-date", "issued", "original-date", "submitted"})
#: Characters of one field; an abstract may be long.
LONGEST = 10_000
_FIELD = re.compile(r"[A-Za-z][\w-]{0,39}", re.ASCII)


class Unsound(Exception):
    """The record cannot be kept; ``field`` is the one that is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def checked(item: dict[str, Any]) -> dict[str, Any]:
    """The record with clean text and sound names, dates and address; fields of other shapes are left out.

    Raises Unsound when names, a date or the address are not what CSL-JSON says, or not of the web.
    """
    kept: dict[str, Any] = {}
    for field, value in item.items():
        if not _FIELD.fullmatch(field) or value in ("", None, [], {}):
            continue
        if field in NAMES:
            kept[field] = _names(field, value)
        elif field in DATES:
            kept[field] = _date(field, value)
        elif isinstance(value, str | int | float):
            kept[field] = _text(value)
    _check_address(str(kept.get("URL", "")))
    return kept


def _text(value: str | float) -> str | int:
    if isinstance(value, int):
        return value
    # What nobody sees would turn a title around in other people's lists.
    return seen(clean(str(value)))[:LONGEST]


def _texts(field: str, value: object) -> dict[str, str | int]:
    if not isinstance(value, dict) or not value:
        raise Unsound(field)
    return {str(name)[:40]: _text(each) for name, each in value.items() if isinstance(each, str | int | float)}


def _names(field: str, value: object) -> list[dict[str, str | int]]:
    if not isinstance(value, list):
        raise Unsound(field)
    return [_texts(field, each) for each in value]


def _date(field: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unsound(field)
    words = {name: each for name, each in value.items() if name != "date-parts"}
    kept: dict[str, Any] = dict(_texts(field, words)) if words else {}
    if "date-parts" in value:
        kept["date-parts"] = _date_parts(field, value["date-parts"])
    return kept


def _date_parts(field: str, value: object) -> list[list[int]]:
    """One date, or the first and last of a range; each year, month, day as far as known."""
    if not isinstance(value, list) or not 1 <= len(value) <= 2:
        raise Unsound(field)
    try:
        parts = [[int(number) for number in date] for date in value]
    except (TypeError, ValueError, OverflowError):
        raise Unsound(field) from None
    if any(not 1 <= len(date) <= 3 or any(abs(number) > 9999 for number in date) for date in parts):
        raise Unsound(field)
    return parts


def _check_address(url: str) -> None:
    """Of the web, or none: it becomes a link that people click."""
    if url and not addresses.is_web(addresses.split_directive(url)[0]):
        raise Unsound("URL")


_MARKUP = re.compile(r"</?(?:i|b|em|strong|sup|sub|sc|span)(?: [^<>]*)?>", re.IGNORECASE)


def family(name: dict[str, Any]) -> str:
    """A person's family name with the particle that is never dropped ("de la Cruz"); a body's whole name."""
    parts = (name.get("non-dropping-particle"), name.get("family"))
    return str(name.get("literal") or " ".join(str(part) for part in parts if part))


def whole_name(name: dict[str, Any]) -> str:
    """ "de la Cruz, José, Jr.": as lists are sorted, and with all that it holds."""
    given = " ".join(str(name[part]) for part in ("given", "dropping-particle") if name.get(part))
    return ", ".join(str(part) for part in (family(name), given, name.get("suffix")) if part)


def plain(text: object) -> str:
    """A field without the markup that CSL-JSON allows in titles: ``<i>``, ``<sup>``, ``<span class="nocase">``."""
    return _MARKUP.sub("", str(text or ""))


# --- what is kept beside the record -----------------------------------------------------------------

#: Under CSL-JSON's own ``custom``: what a source has that CSL has no field for.
CUSTOM = "custom"
#: What readers of the publication see of it; the rest is for the brief's own people.
OUTWARD = frozenset({"text-directive", "archive", "interest", "unpublished"})
#: Of a source that is supplied on request: enough to ask for it, nothing that leads to a copy.
UNPUBLISHED = frozenset(
    {"id", "type", "title", "issued", "publisher", "publisher-place", "genre", "number", "language", "event-title"}
) | (NAMES - {"recipient"})


def outward(item: dict[str, Any]) -> dict[str, Any]:
    """The record as outsiders may have it: no judgement on it, and of an unpublished one no address."""
    extra = {name: value for name, value in item.get(CUSTOM, {}).items() if name in OUTWARD and value}
    kept = {name: value for name, value in item.items() if name not in (CUSTOM, "annote", "abstract", "keyword")}
    if extra.get("unpublished"):
        kept = {name: value for name, value in kept.items() if name in UNPUBLISHED}
        extra = {name: value for name, value in extra.items() if name in ("unpublished", "interest")}
    return {**kept, CUSTOM: extra} if extra else kept

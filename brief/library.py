"""The sources of a brief as records: how they read, which are the same, where they are cited, what is frozen."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from brief import texts
from brief.models import Brief, Section, Source
from document import addresses, csl
from document.bibliography import Entry

#: In a text's JSON only an item of a citation has this field; inside words its quotes would be escaped.
_CITED = re.compile(r'(?<!\\)"source":"([^"\\]+)"')


def year_of(item: dict[str, Any]) -> str:
    """The year of issue, or an empty string."""
    parts = (item.get("issued") or {}).get("date-parts") or [[]]
    if parts and parts[0]:
        return str(parts[0][0])
    found = re.search(r"\b(1[5-9]|20)\d\d\b", str((item.get("issued") or {}).get("raw", "")))
    return found.group(0) if found else ""


def label(item: dict[str, Any]) -> str:
    """“UNODC 2024”: how a source is picked from a list."""
    authors = item.get("author") or []
    first = authors[0] if authors else {}
    name = csl.family(first) or csl.plain(item.get("title"))[:40]
    year = year_of(item) or str((item.get("issued") or {}).get("literal") or _("n.d."))
    return f"{name}{' et al.' if len(authors) > 2 else ''} {year}"


def names(item: dict[str, Any]) -> str:
    """Everybody who wrote it, for a list."""
    people = item.get("author") or item.get("editor") or []
    return "; ".join(map(csl.whole_name, people))


def facts(item: dict[str, Any]) -> str:
    """Who, when and where, for a list: each said once."""
    who, where = names(item), described(item)
    year = year_of(item) or str((item.get("issued") or {}).get("literal") or _("n.d."))
    return " · ".join(part for part in (who, year, where if where != who else "") if part)


def described(item: dict[str, Any]) -> str:
    """Where it appeared, for a list: journal or publisher."""
    return csl.plain(item.get("container-title") or item.get("publisher"))


class Known:
    """Sources by what tells that two are the same."""

    def __init__(self, rows: Iterable[Source]) -> None:
        self._pages: dict[str, Source] = {}
        self._numbers: dict[str, Source] = {}
        self._titles: dict[tuple[str, str], Source] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Source) -> None:
        if url := row.url or str(row.csl.get("URL", "")):
            self._pages.setdefault(addresses.sameness(url), row)
        if number := addresses.doi(str(row.csl.get("DOI", ""))):
            self._numbers.setdefault(number, row)
        self._titles.setdefault(_by_title(row.csl), row)

    def same(self, item: dict[str, Any]) -> Source | None:
        """The source with this DOI, or of this page; the text directive does not count (S0-7)."""
        number, url = addresses.doi(str(item.get("DOI", ""))), str(item.get("URL", ""))
        found = self._numbers.get(number) if number else None
        return found or (self._pages.get(addresses.sameness(url)) if url else None)

    def alike(self, item: dict[str, Any]) -> Source | None:
        """The source with this title and year: perhaps the same, perhaps another edition."""
        return self._titles.get(_by_title(item))


def _by_title(item: dict[str, Any]) -> tuple[str, str]:
    return " ".join(re.findall(r"\w+", csl.plain(item.get("title")).casefold())), year_of(item)


def verdict(entry: Entry, known: Known) -> tuple[str, Source | None]:
    """``refused``, ``double``, ``alike`` or ``new``, and the source that is already there."""
    if entry.fault:
        return "refused", None
    if found := known.same(entry.item):
        return "double", found
    found = known.alike(entry.item)
    return ("alike", found) if found else ("new", None)


def uses(brief: Brief) -> dict[str, Counter[Section]]:
    """Key → the texts that cite it, and how often; texts that were removed and may come back are among them.

    One query for the rows and one for those that the engine does not hold.
    """
    rows = list(Section.every.filter(brief=brief).order_by("order", "id"))
    found: dict[str, Counter[Section]] = defaultdict(Counter)
    written = texts.many(rows)
    for row in rows:
        for key in _CITED.findall(written[row.pk]):
            found[key][row] += 1
    return found


def search(rows: Iterable[Source], query: str) -> list[Source]:
    """Those in whose record every word of the query occurs."""
    wanted = query.casefold().split()
    return [row for row in rows if all(word in _words(row) for word in wanted)]


def _words(row: Source) -> str:
    said = [row.key, names(row.csl), year_of(row.csl), row.interest, row.url]
    said += [str(value) for value in row.csl.values() if isinstance(value, str | int)]
    return " ".join(said).casefold()


def frozen(source: Source) -> dict[str, Any]:
    """The record as a version holds it: CSL-JSON, and under ``custom`` what CSL has no field for."""
    extra = {
        "text-directive": source.text_directive,
        "archive": source.archive_url,
        "reliability": source.reliability,
        "distance": source.distance,
        "interest": source.interest,
        "quoted": source.quoted_text,
        "unpublished": source.unpublished,
    }
    kept = {name: value for name, value in extra.items() if value}
    return {**source.csl, csl.CUSTOM: kept} if kept else dict(source.csl)

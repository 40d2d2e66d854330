"""Finding passages: matched by the index, the nearest ranked, the page's hits marked.

What may be found is ``visibility.public()``, asked in each statement that finds (decision 10).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection, models
from django.db.models import Count, F, Func, QuerySet, Value, Window
from django.db.models.functions import Coalesce, Greatest, Least, NullIf, StrIndex, Substr
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from release import visibility
from release.models import Passage
from release.public.editions import Edition
from release.search import text

#: Characters of a question that are looked at.
LONGEST = 200
#: A question that finds more is not ranked to its end: those whose titles match and the newest are.
RANKED = 200
#: Hits on one page.
PAGE = 10
#: Characters before the first likely hit and in all, out of which a snippet is cut.
BEFORE, AROUND = 160, 900
_NEWEST = ("-release__embargo__instant", "release", "order")
_WORD = re.compile(r"(?<![-\w])[^\W_]\w*")
_HIGHLIGHT = f'StartSel="{text.START}", StopSel="{text.STOP}"'
_SNIPPET = f"{_HIGHLIGHT}, MaxWords=42, MinWords=24, ShortWord=2"
_TITLE = f"{_HIGHLIGHT}, HighlightAll=true"


@dataclass(frozen=True)
class Hit:
    """One passage on the page. ``title`` and ``snippet`` are HTML with ``<mark>``."""

    edition: Edition
    title: SafeString
    snippet: SafeString
    place: str

    @property
    def url(self) -> str:
        return self.edition.base + self.place


@dataclass(frozen=True)
class Found:
    """What a question finds. ``total`` counts all; only ``ranked`` of them can be paged through."""

    question: str
    total: int = 0
    keys: tuple[int, ...] = ()

    @property
    def ranked(self) -> int:
        return len(self.keys)

    @property
    def cut(self) -> bool:
        return self.total > self.ranked


def cleaned(question: str) -> str:
    """What was typed, without controls, and no longer than is looked at."""
    return text.clean(question)[:LONGEST]


def find(question: str) -> Found:
    """Keys of what is found, best first; nothing when the question has no word."""
    asked = _query(question) if _WORD.search(question) else None
    if asked is None:
        return Found(question)
    rows = _public(Passage.objects.filter(words=asked))
    near = rows.annotate(near=SearchRank(F("heading"), asked), total=Window(Count("pk")))
    chosen = near.order_by("-near", *_NEWEST).values_list("pk", "total")[:RANKED]
    totals = dict(chosen)
    if not totals:
        return Found(question)
    best = Passage.objects.filter(pk__in=totals).annotate(rank=SearchRank(F("words"), asked, normalization=Value(1)))
    keys = best.order_by("-rank", *_NEWEST).values_list("pk", flat=True)
    return Found(question, total=next(iter(totals.values())), keys=tuple(keys))


def hits(found: Found, start: int) -> list[Hit]:
    """The page that begins at ``start``; what is no longer public is left out."""
    wanted = found.keys[start : start + PAGE]
    if not wanted:
        return []
    rows = _public(Passage.objects.filter(pk__in=wanted)).select_related("release__brief", "release__embargo")
    rows = rows.defer("body", "words", "heading").annotate(start=_start(found.question))
    by_key = {row.pk: row for row in rows.annotate(near=Substr("body", F("start"), AROUND))}  # type: ignore[arg-type]
    shown = [by_key[key] for key in wanted if key in by_key]
    marked = _marked(found.question, shown)
    return [
        Hit(Edition(row.release), title=_html(title), snippet=_html(snippet), place=row.place)
        for row, (title, snippet) in zip(shown, marked, strict=True)
    ]


def _public(rows: QuerySet[Passage]) -> QuerySet[Passage]:
    return rows.filter(release__in=visibility.public().order_by().values("pk"))


def _query(question: str) -> SearchQuery | None:
    """In the way of search engines: quoted phrases, ``or``, ``-not``; in each language there is."""
    languages = Passage.objects.order_by("configuration").values_list("configuration", flat=True).distinct()
    asked = [SearchQuery(question, config=each, search_type="websearch") for each in languages]
    return reduce(or_, asked) if asked else None


def _start(question: str) -> models.Expression:
    """The character of the body shortly before its first likely hit: there a snippet is looked for.

    PostgreSQL would read the whole body of each hit to mark it. A word and its other forms mostly
    begin alike; where they do not, the snippet is the body's beginning.
    """
    body = Func(F("body"), function="lower", output_field=models.TextField())
    places = [NullIf(StrIndex(body, Value(f" {beginning}")), 0) for beginning in beginnings(question)]
    first = Least(*places) if len(places) > 1 else places[0]
    return Greatest(Coalesce(first, 1) - BEFORE, 1)


def beginnings(question: str) -> list[str]:
    """What the question's words, and other forms of them, begin with: ``polic`` of “policies”."""
    found = (word.lower() for word in _WORD.findall(question))
    return list(dict.fromkeys(word[: max(3, len(word) * 2 // 3)] for word in found))


def _marked(question: str, rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Titles and snippets with hits between ``text.START`` and ``text.STOP``: one statement."""
    given = [(row.configuration, row.title, _whole_words(row.near, cut_before=row.start > 1)) for row in rows]
    if not given:
        return []
    languages, titles, snippets = (list(each) for each in zip(*given, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline(language::regconfig, title, websearch_to_tsquery(language::regconfig, %s), %s),"
            " ts_headline(language::regconfig, snippet, websearch_to_tsquery(language::regconfig, %s), %s)"
            " FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY"
            " AS given (language, title, snippet, place) ORDER BY place",
            [question, _TITLE, question, _SNIPPET, languages, titles, snippets],
        )
        return [(str(title), str(snippet)) for title, snippet in cursor.fetchall()]


def _whole_words(part: str, *, cut_before: bool) -> str:
    """Without the halves of words at its ends."""
    if cut_before:
        part = part.partition(" ")[2] or part
    return part if len(part) < AROUND // 2 else part.rpartition(" ")[0] or part


def _html(marked: str) -> SafeString:
    """Escaped first, then marked: nothing of a text or a question is ever HTML."""
    safe = escape(marked).replace(text.START, "<mark>").replace(text.STOP, "</mark>")
    return mark_safe(safe)  # noqa: S308 - escaped in the line above

"""Finding passages: matched by the index, the nearest ranked, the page's hits marked, in one statement.

What may be found is ``visibility.public()``, asked in the statement that finds (decision 10).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from release import visibility
from release.search import text
from release.search.languages import CONFIGURATIONS, PLAIN

#: Characters of a question that are looked at.
LONGEST = 200
#: A question that finds more is not ranked to its end: those whose titles match and the newest are.
RANKED = 200
#: Hits on one page.
PAGE = 10
#: Characters before the first likely hit and in all, out of which a snippet is cut.
BEFORE, AROUND = 120, 450
_WORD = re.compile(r"(?<![-\w])[^\W_]\w*")
_HIGHLIGHT = f'StartSel="{text.START}", StopSel="{text.STOP}"'
_SNIPPET = f"{_HIGHLIGHT}, MaxWords=42, MinWords=24, ShortWord=2"
_TITLE = f"{_HIGHLIGHT}, HighlightAll=true"

#: ``{asked}`` is the question, ``{public}`` what is public (id, brief, instant, zone), ``{hit}`` the first likely hit.
#: What only the page's ten need is looked up one by one: to plan a join of all of it took longer.
_FIND = """
WITH found AS MATERIALIZED (
  SELECT p.*, e.brief, e.instant, e.zone, count(*) OVER () AS total
  FROM release_passage p JOIN ({public}) AS e(id, brief, instant, zone) ON e.id = p.release_id
  WHERE p.words @@ {asked}
  ORDER BY ts_rank(p.heading, {asked}) DESC, e.instant DESC, p.release_id, p."order"
  LIMIT %(ranked)s
), page AS (
  SELECT found.*, ts_rank(words, {asked}, 1) AS near, count(*) OVER () AS ranked
  FROM found
  ORDER BY near DESC, instant DESC, release_id, "order"
  LIMIT %(page)s OFFSET %(start)s
), cut AS (
  SELECT page.*, greatest(coalesce({hit}, 1) - %(before)s, 1) AS cut_at FROM page
)
SELECT total, ranked,
  (SELECT slug FROM brief_brief WHERE id = brief),
  (SELECT manifest::jsonb -> 'metadata' FROM release_release WHERE id = release_id),
  instant, zone, place,
  ts_headline(configuration::regconfig, cut.title, {asked}, %(title)s),
  ts_headline(configuration::regconfig,
    CASE WHEN cut_at > 1 THEN regexp_replace(substr(body, cut_at, %(around)s), '^\\S*\\s|\\s\\S*$', '', 'g')
      WHEN length(body) > %(around)s THEN regexp_replace(left(body, %(around)s), '\\s\\S*$', '')
      ELSE body END,
    {asked}, %(snippet)s)
FROM cut
ORDER BY near DESC, instant DESC, release_id, "order"
"""
#: The question as each language reads it that there is; read once, and not wherever it is compared.
_READ = """
SELECT websearch_to_tsquery(each::regconfig, %s)::text FROM unnest(%s::text[]) AS each
WHERE EXISTS (SELECT 1 FROM release_passage WHERE configuration = each)
"""


@dataclass(frozen=True)
class Hit:
    """One passage on the page: its edition's ``facts`` as signed; ``title`` and ``snippet`` are marked HTML."""

    base: str
    facts: dict[str, Any]
    launched: datetime
    zone: str
    place: str
    title: SafeString
    snippet: SafeString

    @property
    def url(self) -> str:
        return self.base + self.place


@dataclass(frozen=True)
class Found:
    """A page of what a question finds. ``total`` counts all; ``ranked`` can be paged through."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    ranked: int = 0

    @property
    def cut(self) -> bool:
        return self.total > self.ranked


def cleaned(question: str) -> str:
    """What was typed, without controls, and no longer than is looked at."""
    return text.clean(question)[:LONGEST]


def find(question: str, page: int = 1) -> Found:
    """Page ``page`` (from 1) of what is found, best first; empty beyond the last, and without a word.

    In the way of search engines: quoted phrases, ``or``, ``-not``; in each language that there is.
    """
    read = _read(question) if _WORD.search(question) else []
    if not read:
        return Found()
    rows = _rows(question, read, start=(page - 1) * PAGE)
    return Found(tuple(_hit(*row[2:]) for row in rows), total=rows[0][0], ranked=rows[0][1]) if rows else Found()


def _hit(slug: str, facts: str, launched: datetime, zone: str, place: str, title: str, snippet: str) -> Hit:
    return Hit(f"/briefs/{slug}/", json.loads(facts), launched, zone, place, _html(title), _html(_cut(snippet)))


def _cut(snippet: str) -> str:
    """With dots where a sentence was cut."""
    words = snippet.replace(text.START, "").replace(text.STOP, "").strip()
    begins = not words or words[0].isupper() or not words[0].isalpha()
    ends = not words or words[-1] in ".!?…:;”’)"
    return ("" if begins else "… ") + snippet.strip() + ("" if ends else " …")


def _read(question: str) -> list[str]:
    """The question in the database's words; nothing of a language to which it is but stop words."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [question, sorted({PLAIN, *CONFIGURATIONS.values()})])
        return [row[0] for row in cursor.fetchall() if row[0]]


def _rows(question: str, read: list[str], *, start: int) -> list[tuple[Any, ...]]:
    public, given = _public()
    values: dict[str, Any] = {f"public_{place}": value for place, value in enumerate(given)}
    values |= {f"read_{place}": words for place, words in enumerate(read)}
    values |= {f"hit_{place}": f" {beginning}" for place, beginning in enumerate(beginnings(question))}
    values |= {"title": _TITLE, "snippet": _SNIPPET, "before": BEFORE, "around": AROUND}
    values |= {"ranked": RANKED, "page": PAGE, "start": start}
    asked = [f"%(read_{place})s::tsquery" for place in range(len(read))]
    places = [f"nullif(strpos(lower(body), %({name})s), 0)" for name in values if name.startswith("hit_")]
    statement = _FIND.format(
        asked=f"({' || '.join(asked)})",
        public=public % tuple(f"%(public_{place})s" for place in range(len(given))),
        hit=f"least({', '.join(places)})",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@cache
def _public() -> tuple[str, tuple[Any, ...]]:
    """The question of decision 10 as SQL, asked anew each time; only its wording is kept."""
    sql, parameters = (
        visibility.public()
        .order_by()
        .values_list("pk", "brief_id", "embargo__instant", "embargo__zone")
        .query.sql_with_params()
    )
    return sql, tuple(parameters)


def beginnings(question: str) -> list[str]:
    """What the question's words, and other forms of them, begin with: ``polic`` of “policies”.

    Around the first of these a snippet is cut: PostgreSQL would read the whole body of each hit to
    mark it. Where the forms of a word begin differently, the snippet is the body's beginning.
    """
    found = (word.lower() for word in _WORD.findall(question))
    return list(dict.fromkeys(word[: max(3, len(word) * 2 // 3)] for word in found))


def _html(marked: str) -> SafeString:
    """Escaped first, then marked: nothing of a text or a question is ever HTML."""
    safe = escape(marked).replace(text.START, "<mark>").replace(text.STOP, "</mark>")
    return mark_safe(safe)  # noqa: S308 - escaped in the line above

"""Who was at work when: steps of one person without a long pause between them are one sitting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import User
from brief.models import Section

#: A pause after which somebody has sat down anew.
PAUSE = timedelta(minutes=30)
#: Steps looked at for one page, of one section and of each section of a brief: a page reads no more, however much
#: was typed.
MOST, MOST_OF_EACH = 20_000, 3_000
#: Sittings on one page.
SHOWN = 40


@dataclass(frozen=True)
class Sitting:
    """One person's steps on one section, ``first`` to ``last``; others may have worked between them."""

    section: UUID
    author: User | None
    first: int
    last: int
    steps: int
    began: datetime
    ended: datetime

    @property
    def alone(self) -> bool:
        """Whether nobody else made a step meanwhile."""
        return self.steps == self.last - self.first + 1


#: One index scan for each section, whose newest steps are numbered by person and pause.
_SITTINGS = """
    WITH recent AS (
        SELECT step.section_id, step.version, step.author_id, step.at
        FROM unnest(%(sections)s::uuid[]) AS wanted(id)
        CROSS JOIN LATERAL (
            SELECT section_id, version, author_id, at FROM brief_step
            WHERE section_id = wanted.id AND version <= %(before)s ORDER BY version DESC LIMIT %(most)s
        ) AS step
    ), begun AS (
        SELECT *, CASE WHEN at - lag(at) OVER own <= %(pause)s THEN 0 ELSE 1 END AS anew
        FROM recent WINDOW own AS (PARTITION BY section_id, author_id ORDER BY version)
    ), sat AS (
        SELECT *, sum(anew) OVER (PARTITION BY section_id, author_id ORDER BY version) AS sitting FROM begun
    )
    SELECT section_id, author_id, min(version), max(version), count(*), min(at), max(at)
    FROM sat GROUP BY section_id, author_id, sitting ORDER BY max(at) DESC, max(version) DESC LIMIT %(shown)s
"""


def of_section(section: Section, *, before: int | None = None) -> tuple[list[Sitting], int | None]:
    """One page of a section's sittings, the newest first, and the step with which the next page begins, if any."""
    found = _read([section.pk], most=MOST, before=section.version if before is None else before)
    page, rest = found[:SHOWN], found[SHOWN:]
    if rest:
        return page, rest[0].last
    lowest = min((each.first for each in page), default=1)
    return page, lowest - 1 if lowest > 1 else None


def of_brief(sections: Iterable[Section]) -> list[Sitting]:
    """The sittings of late on all sections of a brief, the newest first."""
    return _read([section.pk for section in sections], most=MOST_OF_EACH)[:SHOWN]


def _read(sections: Sequence[UUID], *, most: int, before: int = 2**31 - 1) -> list[Sitting]:
    values: dict[str, Any] = {
        "sections": list(sections),
        "before": before,
        "most": most,
        "pause": PAUSE,
        "shown": SHOWN + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SITTINGS, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    people = User.objects.in_bulk({row[1] for row in rows if row[1]})
    return [Sitting(row[0], people.get(row[1]), *row[2:]) for row in rows]

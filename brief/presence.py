"""Who is in a section now: told by each page every few seconds, kept in the cache for a while.

Nobody is shown here who may not read the draft; with Valkey away each process knows only
who told it themselves.
"""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.core.cache import cache

from brief.models import Role, Section
from brief.states import RoleName
from ledger import live

#: Seconds after which somebody who says nothing has left.
STAYS = 25
#: Contrast with both grounds is at least 4.5:1 (editor/styles/writing.scss has the colours).
COLOURS = 8


def arrive(user: Any, section: Section, *, start: int, end: int) -> list[dict[str, Any]]:
    """Note that this person is here, at these positions; tell the others; who is here."""
    now = time.time()
    key = f"presence:{section.pk}"
    people: dict[str, dict[str, Any]] = cache.get(key) or {}
    people = {who: seen for who, seen in people.items() if now - seen["at"] < STAYS}
    people[str(user.pk)] = _describe(user, section, people) | {"from": start, "to": end, "at": now}
    cache.set(key, people, STAYS)
    told = [{name: value for name, value in seen.items() if name != "at"} for seen in people.values()]
    live.notify("presence", scope=section.brief_id, section=str(section.pk), people=told)
    return told


def _describe(user: Any, section: Section, people: dict[str, dict[str, Any]]) -> dict[str, Any]:
    known = people.get(str(user.pk))
    if known:
        return known
    taken = {seen["colour"] for seen in people.values()}
    colour = next((index for index in range(COLOURS) if index not in taken), len(people) % COLOURS)
    return {"id": str(user.pk), "name": str(user), "role": _role(user, section.brief_id), "colour": colour}


def _role(user: Any, brief: UUID) -> str:
    held = set(Role.objects.filter(brief=brief, user=user).values_list("role", flat=True))
    return str(next((name.label for name in RoleName if name in held), ""))

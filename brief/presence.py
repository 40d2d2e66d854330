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
from brief.permissions import INNER
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
    # Asked each time: whose role was taken away is not shown as long as the cache would have it.
    roles = _roles(section.brief_id, [*map(UUID, people), user.pk])
    people = {who: seen for who, seen in people.items() if now - seen["at"] < STAYS and who in roles}
    here = {"id": str(user.pk), "name": str(user), "colour": _colour(str(user.pk), people)}
    people[str(user.pk)] = here | {"role": roles.get(str(user.pk), ""), "from": start, "to": end, "at": now}
    cache.set(key, people, STAYS)
    told = [{name: value for name, value in seen.items() if name != "at"} for seen in people.values()]
    live.notify("presence", scope=section.brief_id, section=str(section.pk), people=told)
    return told


def _colour(who: str, people: dict[str, dict[str, Any]]) -> int:
    if who in people:
        return int(people[who]["colour"])
    taken = {seen["colour"] for seen in people.values()}
    return next((index for index in range(COLOURS) if index not in taken), len(people) % COLOURS)


def _roles(brief: UUID, people: list[UUID]) -> dict[str, str]:
    """Person → what they are on the brief, in words; only those who may read its draft."""
    rows = Role.objects.filter(brief=brief, user__in=people, user__is_active=True, role__in=INNER)
    held: dict[str, set[str]] = {}
    for user, role in rows.values_list("user_id", "role"):
        held.setdefault(str(user), set()).add(role)
    return {who: str(next(name.label for name in RoleName if name in names)) for who, names in held.items()}

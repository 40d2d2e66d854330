"""What is held about a person, floor by floor, and how it lets go of them (DECISIONS, Slots: erasure)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models

from ledger.slots import Slot


@dataclass(frozen=True)
class Records:
    """A part of what somebody is given about themselves: ``name`` is its place in the file, ``rows`` plain values.

    ``files`` are (name in the export, name in private storage). Nothing of anybody else is in it. What is
    ``open`` an administrator may hand on; the rest (words, reviews, devices) is for the person's eyes alone.
    """

    name: str
    rows: Iterable[Any]
    files: Iterable[tuple[str, str]] = ()
    open: bool = False


@dataclass(frozen=True)
class Leaving:
    """A person who is being erased: who they were, and what stands in their place."""

    user: Any
    addresses: tuple[str, ...]
    name: str
    #: "Former member #7", and an address that no mail can reach.
    pseudonym: str
    stand_in: str

    @property
    def words(self) -> list[tuple[str, str]]:
        """(what is looked for in texts, what it becomes). A name of one word is too common to look for."""
        found = [(address, self.stand_in) for address in self.addresses if address]
        if len(self.name.split()) > 1:
            found += [(self.name, self.pseudonym), (json.dumps(self.name)[1:-1], self.pseudonym)]
        return list(dict.fromkeys(found))


#: (user) → what this app holds about the person.
about_person: Slot[Records] = Slot("what is held about a person")
#: (user) → briefs in which the person has or had a part: a hold on one of them holds the person.
briefs_of_person: Slot[UUID] = Slot("briefs of a person")
#: (user) → sentences that say why the person cannot be erased now.
erasure_checks: Slot[str] = Slot("erasure checks")
#: (leaving) → (what was replaced, how many rows).
erasing: Slot[tuple[str, int]] = Slot("erasure")
#: () → querysets of ids of users who have a part somewhere: their accounts do not go by age.
with_a_part: Slot[Any] = Slot("people with a part")

#: (leaving) → sentences that say where the name stands in texts that are not ours to change.
standing: Slot[str] = Slot("where a name stands")


def let_go(of: str) -> None:
    """Announce to the database, for this transaction, that events may lose ``identity`` or go by ``age``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('countersign.letting_go', %s, true)", [of])


def replace_words(model: type[models.Model], names: Iterable[str], leaving: Leaving) -> int:
    """Put the pseudonym for the person's name and addresses in these text or JSON columns; rows changed.

    Whole words in any case; in the database, so that no row travels.
    """
    changed = 0
    for name in names:
        column: Any = model._meta.get_field(name)
        is_json = isinstance(column, models.JSONField)
        for old, new in leaving.words:
            changed += _replace(model._meta.db_table, column.column, is_json, old, new)
    return changed


def _replace(table: str, column: str, is_json: bool, old: str, new: str) -> int:
    # JSON keeps quotes and backslashes escaped; \y would not do for an address that begins with a dot.
    wanted = json.dumps(old, ensure_ascii=False)[1:-1] if is_json else old
    pattern = f"(?<![[:alnum:]_.@-]){re.escape(wanted)}(?![[:alnum:]_@-])"
    field_, text = connection.ops.quote_name(column), "::text" if is_json else ""
    back = "::jsonb" if is_json else ""
    statement = (
        f"UPDATE {connection.ops.quote_name(table)} "  # noqa: S608 – names are the models' own
        f"SET {field_} = regexp_replace({field_}{text}, %s, %s, 'gi'){back} WHERE {field_}{text} ~* %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [pattern, new.replace("\\", "\\\\"), pattern])
        return int(cursor.rowcount)

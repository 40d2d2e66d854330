"""Reading from a copy of the database that may be behind: only where somebody asks for it by name.

`DATABASE_REPLICA_URL` names a streaming replica. Nothing is read from it by itself, not even what belongs
to a row that was: whether a release is public, signed or held, who may see what, and everything a person
works on is asked of the primary (TRUST 6). Counts for monitoring say `.using(replica.alias())`.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

ALIAS = "replica"


def alias() -> str:
    """The replica where there is one, else the primary."""
    return ALIAS if ALIAS in settings.DATABASES else "default"


class PrimaryOnly:
    """Django's router: every query that names no database goes to the primary; nothing migrates a replica."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        # Not to where the row in hand came from, which is Django's own rule.
        return "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != ALIAS

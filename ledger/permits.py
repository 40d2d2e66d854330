"""Permissions as a table of documented rules, composed from one-line predicates.

Each app's ``permissions.py`` builds one ``Permits`` table; ``docs/reference/permissions.md`` is
generated from it. Calling a permit raises with its sentence; the boolean is derived
(``ledger.refusals.allowed``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from ledger.refusals import Hidden, NotAllowed

Predicate = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Permit:
    """``permit(user, subject)`` passes or raises: Hidden for strangers to it, else NotAllowed."""

    name: str
    doc: str
    may: Predicate
    sees: Predicate
    sentence: str | Promise

    def __call__(self, user: Any, subject: Any) -> None:
        if not getattr(user, "is_authenticated", False) or not self.sees(user, subject):
            raise Hidden(self.sentence)
        if not self.may(user, subject):
            raise NotAllowed(self.sentence)


class Permits:
    """The table of one app. ``sees`` decides who may know that the subject exists at all."""

    def __init__(self, app: str, *, sees: Predicate) -> None:
        self.app = app
        self.sees = sees
        self.rules: dict[str, Permit] = {}
        TABLES[app] = self

    def rule(
        self, name: str, may: Predicate, *, doc: str, refuse: str | Promise, sees: Predicate | None = None
    ) -> Permit:
        """Add a rule: who may, in words (``doc``), and the sentence for the others."""
        if name in self.rules:
            raise ValueError(f"{self.app}: two rules named {name}")
        permit = Permit(name, doc, may, sees or self.sees, refuse)
        self.rules[name] = permit
        return permit


#: App label → its table, for the generated page and the tests that walk all rules.
TABLES: dict[str, Permits] = {}


def either(*predicates: Predicate) -> Predicate:
    return lambda user, subject: any(predicate(user, subject) for predicate in predicates)


def both(*predicates: Predicate) -> Predicate:
    return lambda user, subject: all(predicate(user, subject) for predicate in predicates)


def no(predicate: Predicate) -> Predicate:
    return lambda user, subject: not predicate(user, subject)

"""State machines as tables, and the one function that sets a status.

``move`` locks the row, checks the table, saves the state and logs the event. The diagrams in
``docs/reference/states.md`` are generated from the same tables.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ledger.events import record
from ledger.refusals import NotNow

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Transition:
    """``name`` moves any of ``sources`` to ``target``; ``by`` says in words who does it."""

    name: str
    sources: frozenset[str]
    target: str
    by: str
    #: Whether a person must say why.
    needs_reason: bool = False


@dataclass
class Machine:
    """The transition table of one model's field, and who owns each state."""

    name: str
    states: type[models.TextChoices]
    initial: str
    transitions: tuple[Transition, ...]
    #: State → who has the next word there, for the docs and the desk.
    owners: dict[str, str]
    field: str = "status"
    by_name: dict[str, Transition] = dataclasses.field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.by_name = {transition.name: transition for transition in self.transitions}
        known = set(self.states.values)
        for transition in self.transitions:
            unknown = (transition.sources | {transition.target}) - known
            if unknown:
                raise ValueError(f"{self.name}.{transition.name}: unknown states {sorted(unknown)}")
        missing = known - set(self.owners)
        if missing:
            raise ValueError(f"{self.name}: nobody owns {sorted(missing)}")
        MACHINES[self.name] = self

    def check(self, state: str, name: str) -> Transition:
        """The transition, or NotNow with a sentence that names both states."""
        transition = self.by_name[name]
        if state not in transition.sources:
            raise NotNow(
                _("This is %(state)s now, so it cannot become %(target)s.")
                % {"state": self.label(state), "target": self.label(transition.target)},
                code="state",
            )
        return transition

    def label(self, state: str) -> str | Promise:
        return self.states(state).label

    def can(self, state: str, name: str) -> bool:
        return state in self.by_name[name].sources


#: Every machine of the product, by name, for the generated diagrams and the completeness tests.
MACHINES: dict[str, Machine] = {}


def table(*rows: tuple[str, str | Iterable[str], str, str]) -> tuple[Transition, ...]:
    """Transitions from rows of (name, source or sources, target, by)."""
    return tuple(
        Transition(name, frozenset([sources] if isinstance(sources, str) else sources), target, by)
        for name, sources, target, by in rows
    )


def move(
    machine: Machine,
    instance: M,
    name: str,
    *,
    actor: Any,
    reason: str = "",
    scope: Any = None,
    set_fields: dict[str, Any] | None = None,
    **data: Any,
) -> M:
    """Make one transition; return the locked, saved row.

    ``set_fields`` are saved with the state, in the same statement, so that "both or neither"
    constraints hold. Raises NotNow when the row, as locked, is not in one of the sources, and
    ValueError when a reason is needed and none is given.
    """
    model = type(instance)
    with transaction.atomic():
        locked: M = model._base_manager.select_for_update(of=("self",)).get(pk=instance.pk)
        before = getattr(locked, machine.field)
        transition = machine.check(before, name)
        if transition.needs_reason and not reason.strip():
            raise NotNow(_("Say why: the reason is kept with the record."), code="reason")
        for attribute, value in (set_fields or {}).items():
            setattr(locked, attribute, value)
            setattr(instance, attribute, value)
        setattr(locked, machine.field, transition.target)
        locked.save(update_fields=[machine.field, *(set_fields or {})])
        setattr(instance, machine.field, transition.target)
        record(
            actor=actor,
            verb=f"{machine.name}.{name}",
            subject=locked,
            scope=scope,
            reason=reason,
            **{"from": before, "to": transition.target, **data},
        )
    return locked

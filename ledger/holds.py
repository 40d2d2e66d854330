"""Legal holds: placed and lifted by an administrator, with a reason, in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.actions import Done, action
from ledger.models import Hold
from ledger.refusals import NotAllowed, NotNow
from ledger.slots import Slot

#: () → (id, title) of each brief that a hold may be placed on.
briefs_to_hold: Slot[tuple[UUID, str]] = Slot("briefs to hold")


@dataclass(frozen=True)
class Held:
    """What is under a hold now: ids of briefs and of people."""

    briefs: frozenset[UUID]
    people: frozenset[UUID]


def held() -> Held:
    rows = list(Hold.objects.filter(lifted_at=None).values_list("brief", "person_id"))
    return Held(frozenset(row[0] for row in rows if row[0]), frozenset(row[1] for row in rows if row[1]))


def check_not_held(person: UUID, briefs: Iterable[UUID]) -> None:
    """Raises NotNow when the person, or a brief in which they have a part, is under a hold."""
    now = held()
    if person in now.people:
        raise NotNow(_("This person is under a legal hold. It has to be lifted first."), code="hold")
    if now.briefs & set(briefs):
        raise NotNow(
            _("A brief in which this person has a part is under a legal hold. It has to be lifted first."), code="hold"
        )


@action("hold.placed")
def place(*, actor: Any, reason: str, brief: UUID | None = None, person: Any = None) -> Done:
    """Keep a brief or a person (one of the two) as they are, until somebody lifts it. The value is the hold."""
    _check(actor, reason)
    if (brief is None) == (person is None):
        raise NotNow(_("A hold is on one brief or on one person."), code="subject")
    try:
        with transaction.atomic():
            hold = Hold.objects.create(brief=brief, person=person, reason=reason.strip(), placed_by=actor)
    except IntegrityError as error:
        raise NotNow(_("There is a hold already. One is enough: it lasts until it is lifted."), code="twice") from error
    return Done(subject=hold, scope=brief, reason=hold.reason, data={"person": str(person.pk) if person else ""})


@action("hold.lifted")
def lift(*, actor: Any, hold: Hold, reason: str) -> Done:
    """End a hold; what its age had passed meanwhile goes the following night."""
    _check(actor, reason)
    locked = Hold.objects.select_for_update().get(pk=hold.pk)
    if locked.lifted_at:
        raise NotNow(_("This hold was lifted already."), code="lifted")
    locked.lifted_by, locked.lifted_at, locked.lifted_because = actor, timezone.now(), reason.strip()
    locked.save()
    data = {"person": str(locked.person_id) if locked.person_id else ""}
    return Done(subject=locked, scope=locked.brief, reason=locked.lifted_because, data=data)


def _check(actor: Any, reason: str) -> None:
    if not actor.is_staff or not actor.is_active:
        raise NotAllowed(_("Only administrators place and lift legal holds."))
    if not reason.strip():
        raise NotNow(_("Say why: the reason is kept with the record."), code="reason")

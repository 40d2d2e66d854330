"""Actions are written one way: one transaction, one revision, one audit event, the outbox inside.

@action("round.opened")
def open_round(*, actor, round, …):
    check_may_open(actor, round)
    …
    return Done(subject=round, scope=round.brief_id, reason=…, data={…}, value=round)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from uuid import UUID

import reversion
from django.db import IntegrityError, models, transaction

from ledger import once
from ledger.events import record


@dataclass
class Done:
    """What an action did: the event's subject, the brief it belongs to, and what the caller gets."""

    subject: models.Model
    value: Any = None
    scope: UUID | None = None
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def action(verb: str) -> Callable[[Callable[..., Done]], Callable[..., Any]]:
    """Wrap a keyword-only function that returns ``Done``.

    The wrapped function returns ``Done.value`` (the subject when that is None). A refusal raised
    inside leaves nothing behind. Raises DoneBefore when this very request has been done.
    """

    def decorate(function: Callable[..., Done]) -> Callable[..., Any]:
        @wraps(function)
        def run(*, actor: Any, **kwargs: Any) -> Any:
            key = once.take()
            try:
                done = revised(actor, key, kwargs)
            except IntegrityError:
                # The same form, sent twice at once: the other one was quicker.
                once.check_first(key)
                raise
            return done.subject if done.value is None else done.value

        def revised(actor: Any, key: str, kwargs: dict[str, Any]) -> Done:
            # atomic=False: the transaction is ours, so that a refused row lock rolls back both.
            with transaction.atomic(), reversion.create_revision(atomic=False):
                once.check_first(key)
                if getattr(actor, "pk", None):
                    reversion.set_user(actor)
                reversion.set_comment(verb)
                done = function(actor=actor, **kwargs)
                if done.reason:
                    reversion.set_comment(f"{verb}: {done.reason}"[:500])
                record(
                    actor=actor,
                    verb=verb,
                    subject=done.subject,
                    scope=done.scope,
                    reason=done.reason,
                    key=key,
                    **done.data,
                )
            return done

        run.verb = verb  # type: ignore[attr-defined]
        return run

    return decorate

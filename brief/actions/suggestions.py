"""Deciding about suggestions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brief import steps, suggestions
from brief.models import Section, Suggestion
from brief.permissions import decide_in, suggest_in
from brief.policies import check_open_to_edits
from brief.states import Decision
from ledger.actions import Done, action
from ledger.refusals import NotNow

#: What the engine calls a decision.
WORDS = {Decision.ACCEPTED: "accept", Decision.REJECTED: "reject"}


@action("suggestions.decided")
def decide_suggestions(
    *, actor: Any, section: Section, decision: Decision, identifiers: Collection[str] | None = None
) -> Done:
    """Accept or reject suggestions of today's text: these, or all (None). The value is how many.

    Who may only suggest may reject their own: that takes them back. Raises NotNow when none of them waits.
    """
    suggest_in(actor, section)
    check_open_to_edits(section.brief)
    # Whoever decides the same at the same moment waits here, and then finds nothing.
    locked = Section.every.select_for_update(of=("self",)).select_related("brief").get(pk=section.pk)
    waiting = {each["id"]: each for each in suggestions.pending(locked)}
    chosen = list(waiting) if identifiers is None else [each for each in waiting if each in set(identifiers)]
    if not chosen:
        raise NotNow(_("These suggestions are no longer in the text."), code="decided")
    own = Suggestion.objects.filter(section=section, author=actor, identifier__in=chosen).count() == len(chosen)
    withdraws = own and decision == Decision.REJECTED
    may = suggest_in if withdraws else decide_in
    may(actor, section)
    edit = {"op": "resolve", "decisions": dict.fromkeys(chosen, WORDS[decision])}
    section.version = steps.edit(actor=actor, section=section, edits=[edit], may=may)
    _write_down(section, actor, decision, [waiting[each] for each in chosen])
    data = {"decision": decision.value, "suggestions": len(chosen)}
    return Done(subject=section, scope=section.brief_id, value=len(chosen), data=data)


def withdraw(*, actor: Any, section: Section, identifiers: Collection[str]) -> int:
    """Take back these of the person's own suggestions, inside another action; how many still waited."""
    locked = Section.every.select_for_update(of=("self",)).select_related("brief").get(pk=section.pk)
    rows = Suggestion.objects.filter(section=section, author=actor, decision="", identifier__in=identifiers)
    own = set(rows.values_list("identifier", flat=True))
    waiting = [each for each in suggestions.pending(locked) if each["id"] in own]
    if waiting:
        decisions = {each["id"]: WORDS[Decision.REJECTED] for each in waiting}
        edit = {"op": "resolve", "decisions": decisions}
        section.version = steps.edit(actor=actor, section=section, edits=[edit], may=suggest_in)
        _write_down(section, actor, Decision.REJECTED, waiting)
    return len(waiting)


def _write_down(section: Section, actor: Any, decision: Decision, decided: list[dict[str, Any]]) -> None:
    """One statement, also for marks that came without a row: a text may have brought them along."""
    now = timezone.now()
    rows = [
        Suggestion(
            section=section,
            identifier=each["id"],
            at=now,
            decision=decision,
            decided_at=now,
            decided_by=actor if getattr(actor, "pk", None) else None,
            before=(each["before"] or each["words"])[:400],
            after=(each["after"] or each["words"])[:400],
        )
        for each in decided
    ]
    Suggestion.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["section", "identifier"],
        update_fields=["decision", "decided_at", "decided_by", "before", "after"],
    )

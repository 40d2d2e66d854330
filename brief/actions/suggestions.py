"""Deciding about suggestions, and taking a decision back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brief import steps, suggestions
from brief.history import letters, moments, sittings
from brief.models import Section, Step, Suggestion
from brief.permissions import decide_in, suggest_in
from brief.policies import check_open_to_edits
from brief.states import Decision
from document.engine import engine
from ledger.actions import Done, action
from ledger.refusals import NotNow

#: What the engine calls a decision.
WORDS = {Decision.ACCEPTED: "accept", Decision.REJECTED: "reject"}


_NOT_OWN = gettext_lazy("Only a decision of your own can be undone.")


@dataclass(frozen=True)
class Decided:
    """How many suggestions one decision was about; its steps are those after version ``before``, up to ``after``."""

    count: int
    before: int
    after: int


@action("suggestions.decided")
def decide_suggestions(
    *, actor: Any, section: Section, decision: Decision, identifiers: Collection[str] | None = None, key: str = ""
) -> Done:
    """Accept or reject suggestions of today's text: these, or all (None). The value is ``Decided``.

    Its steps are called by the decision and ``key``, so that a page whose answer was lost knows its own by them.
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
    client = f"{decision.value}-{key or uuid4().hex[:12]}"
    section.version = steps.edit(actor=actor, section=section, edits=[edit], client=client, may=may)
    _write_down(section, actor, decision, [waiting[each] for each in chosen])
    data = {"decision": decision.value, "suggestions": len(chosen)}
    value = Decided(len(chosen), locked.version, section.version)
    return Done(subject=section, scope=section.brief_id, value=value, data=data)


@action("suggestions.taken_back")
def take_back_decision(*, actor: Any, section: Section, before: int, after: int) -> Done:
    """Undo a decision of one's own of this sitting: what it was about waits again, as it was and whose it was.

    ``before`` and ``after`` are those of ``Decided``. Raises NotNow when it is another's or of another sitting, or
    when somebody has changed the place since. The value is how many suggestions wait again.
    """
    suggest_in(actor, section)
    check_open_to_edits(section.brief)
    locked = Section.every.select_for_update(of=("self",)).select_related("brief").get(pk=section.pk)
    rows = list(Step.objects.filter(section=section, version__gt=before).order_by("version"))
    decided = [row for row in rows if row.version <= after]
    since = rows[len(decided) :]
    decision = _own_decision(actor, section, decided, since)
    text = moments.text_at(locked, before)
    made: dict[str, Any] = {}

    def make(_today: str) -> list[str]:
        made.update(
            engine().take_back(text, [row.step for row in decided], [row.step for row in since], WORDS[decision])
        )
        return list(made["steps"])

    try:
        section.version = steps.change(
            actor=actor, section=section, make=make, client=letters.client(before), may=suggest_in
        )
    except NotNow as refusal:
        if refusal.code != "changed":
            raise
        raise NotNow(_("This place has been changed since, so the decision stays."), code="changed") from refusal
    again = Suggestion.objects.filter(section=section, identifier__in=made["ids"], decision=decision, decided_by=actor)
    # What a step's client is called is the client's own word; the table is not.
    if not made["ids"] or again.count() != len(made["ids"]):
        raise NotNow(_NOT_OWN, code="decided")
    own = decision == Decision.REJECTED and not again.exclude(author=actor).exists()
    (suggest_in if own else decide_in)(actor, section)
    # A mark that came without a row got one when it was decided; it told nothing.
    again.filter(author=None, author_name="", at=F("decided_at")).delete()
    again.update(decision="", decided_at=None, decided_by=None, before="", after="")
    count = len(made["ids"])
    data = {"decision": decision.value, "suggestions": count, "before": locked.version, "after": section.version}
    return Done(subject=section, scope=section.brief_id, value=count, data=data)


def _own_decision(actor: Any, section: Section, decided: list[Step], since: list[Step]) -> Decision:
    """What these steps decided. Raises NotNow unless they are one whole decision of this person and sitting."""
    if not decided:
        raise NotNow(_NOT_OWN, code="decided")
    client = decided[0].client
    name = client.partition("-")[0]
    whole = Step.objects.filter(section=section, client=client, version__gte=decided[0].version - 1).count()
    theirs = all((row.author_id, row.client) == (actor.pk, client) for row in decided)
    if name not in Decision.values or not theirs or whole != len(decided):
        raise NotNow(_NOT_OWN, code="decided")
    times = [decided[-1].at, *(row.at for row in since if row.author_id == actor.pk), timezone.now()]
    if any(later - earlier > sittings.PAUSE for earlier, later in pairwise(times)):
        raise NotNow(_("This was decided in an earlier sitting, so the decision stays."), code="decided")
    return Decision(name)


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

"""What people do with the checks: have them run, set a finding aside, answer the sensitivity checklist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brief import checking
from brief.models import Brief, Section, Sensitivity, SetAside
from brief.permissions import assess, write
from brief.states import SensitivityAnswer
from document.checks import Finding
from ledger.actions import Done, action
from ledger.refusals import NotNow


@action("checks.asked")
def ask_for_checks(*, actor: Any, brief: Brief) -> Done:
    """Have every section looked at that changed since it was."""
    write(actor, brief)
    checking.ask(brief.pk)
    return Done(subject=brief, scope=brief.pk)


@action("finding.set_aside")
def set_aside(*, actor: Any, brief: Brief, finding: Finding, reason: str) -> Done:
    """Let a finding stand, with a reason. The text is not touched, so it works in clearance, too."""
    write(actor, brief)
    reason = reason.strip()
    if not reason:
        raise NotNow(_("Say why this may stand."), code="reason")
    row, new = SetAside.objects.get_or_create(
        brief=brief,
        mark=finding.mark,
        ended_at=None,
        defaults={"code": finding.code, "words": finding.words[:300], "reason": reason, "by": actor},
    )
    if not new:
        raise NotNow(_("This has been set aside already."), code="double")
    return Done(subject=row, scope=brief.pk, reason=reason, data={"code": finding.code})


@action("finding.taken_up")
def take_up(*, actor: Any, brief: Brief, row: SetAside) -> Done:
    """A finding that was set aside counts again; that it was, and why, is kept."""
    write(actor, brief)
    if row.ended_at is not None:
        raise NotNow(_("This has been taken up again already."), code="double")
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    return Done(subject=row, scope=brief.pk, data={"code": row.code})


@action("sensitivity.answered")
def answer_sensitivity(*, actor: Any, section: Section, answers: Mapping[str, tuple[str, str]]) -> Done:
    """Answer the checklist for a section as it stands today: question → (answer, note).

    What is dealt with needs a note that says how.
    """
    assess(actor, section.brief)
    for answer, note in answers.values():
        if answer == SensitivityAnswer.DEALT and not note.strip():
            raise NotNow(_("Say how it was dealt with."), code="note")
    for question, (answer, note) in answers.items():
        Sensitivity.objects.update_or_create(
            section=section,
            question=question,
            defaults={"answer": answer, "note": note.strip(), "version": section.version, "by": actor},
        )
    open_ones = sorted(question for question, (answer, _n) in answers.items() if answer == SensitivityAnswer.OPEN)
    return Done(subject=section, scope=section.brief_id, data={"open": open_ones, "version": section.version})

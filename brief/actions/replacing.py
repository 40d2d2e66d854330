"""Replacing words in the whole brief: ordinary steps in each section, which co-authors and anchors follow.

Who suggests, or may only suggest in a section, suggests each place there instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from brief import steps
from brief.actions.suggestions import withdraw
from brief.models import Brief, Section, Step
from brief.permissions import right_on, suggest_in, write, write_section
from brief.policies import check_open_to_edits
from brief.states import Right
from document.engine import Query, engine
from ledger.actions import Done, action
from ledger.refusals import NotNow

#: More places than this are no longer looked at by anybody; and each is a row.
MOST_PLACES = 5000


@dataclass(frozen=True)
class Replaced:
    """One section after it: ``undo`` is the engine's, for ``put_back`` at ``version``.

    ``left``: places that could not be suggested truly and stay.
    """

    section: Section
    version: int
    count: int
    undo: list[Any]
    suggested: bool = False
    left: int = 0


@action("text.replaced")
def replace_text(
    *, actor: Any, brief: Brief, query: Query, replacement: str, sections: Sequence[Section], suggest: bool = False
) -> Done:
    """Replace every match in these sections, in all or in none; the value is a list of ``Replaced``.

    With ``suggest``, and wherever the person may only suggest, each place becomes a suggestion of theirs.
    The event counts and names no words: those are in the steps.
    """
    write(actor, brief)
    check_open_to_edits(brief)
    done: list[Replaced] = []
    # In the order in which freezing locks them.
    for section in sorted(sections, key=lambda each: (each.order, each.pk)):
        suggests = suggest or right_on(actor, section) == Right.SUGGEST
        row = _replaced(actor, section, query, replacement, suggests)
        if row.count or row.left:
            done.append(row)
        if sum(each.count for each in done) > MOST_PLACES:
            raise NotNow(_("These are more than 5,000 places. Replace fewer sections at once."), code="many")
    data = {
        "places": sum(each.count for each in done),
        "suggested": sum(each.count for each in done if each.suggested),
        "sections": len(done),
    }
    return Done(subject=brief, scope=brief.pk, value=done, data=data)


def _replaced(actor: Any, section: Section, query: Query, replacement: str, suggests: bool) -> Replaced:
    made: dict[str, Any] = {"left": 0}
    work = engine().suggest_replace if suggests else engine().replace

    def make(text: str) -> list[str]:
        made.update(work(text, query, replacement))
        return list(made["steps"])

    may = suggest_in if suggests else write_section
    version = steps.change(actor=actor, section=section, make=make, may=may)
    return Replaced(section, version, made["count"], made["undo"], suggests, made["left"])


@action("text.put_back")
def put_back(*, actor: Any, brief: Brief, places: Sequence[tuple[Section, int, list[Any]]]) -> Done:
    """Take a replacement back: (section, version right after it, its ``undo``). The value is how many places.

    What somebody has changed since is left as it is; suggestions that still wait are taken back.
    """
    write(actor, brief)
    check_open_to_edits(brief)
    count = 0
    for section, version, undo in sorted(places, key=lambda each: (each[0].order, each[0].pk)):
        named = [each["suggestion"] for each in undo if isinstance(each, dict) and "suggestion" in each]
        if named:
            suggest_in(actor, section)
            count += withdraw(actor=actor, section=section, identifiers=[str(each) for each in named])
        else:
            count += _restored(actor, section, version, undo)
    return Done(subject=brief, scope=brief.pk, value=count, data={"places": count})


def _restored(actor: Any, section: Section, version: int, undo: list[Any]) -> int:
    made: dict[str, Any] = {}

    def make(text: str) -> list[str]:
        made.update(engine().restore(text, _maps_since(section, version), undo))
        return list(made["steps"])

    steps.change(actor=actor, section=section, make=make)
    return int(made["count"])


def _maps_since(section: Section, version: int) -> list[str]:
    """The section is locked: nothing comes between this and the steps that are made of it."""
    rows = Step.objects.filter(section=section, version__gt=version)
    return list(rows.order_by("version").values_list("maps", flat=True))

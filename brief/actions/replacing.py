"""Replacing words in the whole brief: ordinary steps in each section, which co-authors and anchors follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from brief import steps
from brief.models import Brief, Section, Step
from brief.permissions import write
from brief.policies import check_open_to_edits
from document.engine import Query, engine
from ledger.actions import Done, action
from ledger.refusals import NotNow

#: More places than this are no longer looked at by anybody; and each is a row.
MOST_PLACES = 5000


@dataclass(frozen=True)
class Replaced:
    """One section after it: ``undo`` is the engine's, for ``put_back`` at ``version``."""

    section: Section
    version: int
    count: int
    undo: list[Any]


@action("text.replaced")
def replace_text(*, actor: Any, brief: Brief, query: Query, replacement: str, sections: Sequence[Section]) -> Done:
    """Replace every match in these sections, in all or in none; the value is a list of ``Replaced``.

    The event counts and names no words: those are in the steps.
    """
    write(actor, brief)
    check_open_to_edits(brief)
    done: list[Replaced] = []
    # In the order in which freezing locks them.
    for section in sorted(sections, key=lambda each: (each.order, each.pk)):
        made: dict[str, Any] = {}

        def make(text: str, made: dict[str, Any] = made) -> list[str]:
            made |= engine().replace(text, query, replacement)
            return list(made["steps"])

        version = steps.change(actor=actor, section=section, make=make)
        if made["count"]:
            done.append(Replaced(section, version, made["count"], made["undo"]))
        if sum(each.count for each in done) > MOST_PLACES:
            raise NotNow(_("These are more than 5,000 places. Replace fewer sections at once."), code="many")
    count = sum(each.count for each in done)
    return Done(subject=brief, scope=brief.pk, value=done, data={"places": count, "sections": len(done)})


@action("text.put_back")
def put_back(*, actor: Any, brief: Brief, places: Sequence[tuple[Section, int, list[Any]]]) -> Done:
    """Take a replacement back: (section, version right after it, its ``undo``). The value is how many places.

    What somebody has changed since is left as it is.
    """
    write(actor, brief)
    check_open_to_edits(brief)
    count = 0
    for section, version, undo in sorted(places, key=lambda each: (each[0].order, each[0].pk)):
        made: dict[str, Any] = {}

        def make(text: str, made: dict[str, Any] = made, place: Any = (section, version, undo)) -> list[str]:
            made |= engine().restore(text, _maps_since(place[0], place[1]), place[2])
            return list(made["steps"])

        steps.change(actor=actor, section=section, make=make)
        count += made["count"]
    return Done(subject=brief, scope=brief.pk, value=count, data={"places": count})


def _maps_since(section: Section, version: int) -> list[str]:
    """The section is locked: nothing comes between this and the steps that are made of it."""
    rows = Step.objects.filter(section=section, version__gt=version)
    return list(rows.order_by("version").values_list("maps", flat=True))

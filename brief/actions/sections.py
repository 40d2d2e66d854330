"""Arranging the sections of a brief."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from brief.models import Brief, Role, Section
from brief.permissions import arrange
from brief.policies import check_open_to_edits
from brief.states import SECTION, SectionState
from document import characters, tree
from document.engine import Refused, engine
from ledger.actions import Done, action
from ledger.refusals import NotNow
from ledger.transitions import move

EDITABLE = frozenset({"title", "assignee", "target_words", "content_notice", "language"})


def living(brief: Brief) -> list[Section]:
    """The brief's sections in order, without removed ones."""
    return list(brief.sections.filter(deleted_at=None).select_related("assignee").order_by("order", "id"))


def outline_of(brief: Brief) -> list[Section]:
    """``living`` without the texts, for a page that lists them; each section's brief is the one given."""
    rows = list(brief.sections.filter(deleted_at=None).defer("snapshot").order_by("order", "id"))
    for row in rows:
        row.brief = brief
    return rows


def _locked_brief(brief: Brief) -> Brief:
    locked = Brief.objects.select_for_update().get(pk=brief.pk)
    check_open_to_edits(locked)
    return locked


@action("section.added")
def add_section(*, actor: Any, brief: Brief, title: str, doc: str | None = None, order: int | None = None) -> Done:
    """Add a section, empty or with a document (JSON text, checked and its ids repaired).

    ``order`` is its place among the living sections; the end when None.
    """
    arrange(actor, brief)
    _locked_brief(brief)
    fields: dict[str, Any] = {}
    try:
        text = engine().check(doc) if doc else engine().empty()
    except Refused as refused:
        raise NotNow(refused.sentence, code=refused.code) from refused
    if doc:
        fields = {"status": SectionState.DRAFT, "words": tree.words(json.loads(text))}
    last = Section.objects.filter(brief=brief).aggregate(last=Max("order"))["last"]
    section = Section.objects.create(
        brief=brief,
        title=characters.seen(title).strip(),
        snapshot=text,
        order=0 if last is None else last + 1,
        **fields,
    )
    if order is not None:
        _place(section, order)
    return Done(subject=section, scope=brief.pk)


def _place(section: Section, place: int) -> None:
    """Give all living sections consecutive orders, with this one at ``place``."""
    rows = [row for row in living(section.brief) if row.pk != section.pk]
    rows.insert(max(0, min(place, len(rows))), section)
    for order, row in enumerate(rows):
        row.order = order
    Section.objects.bulk_update(rows, ["order"])


@action("section.edited")
def edit_section(*, actor: Any, section: Section, **fields: Any) -> Done:
    """Change a section's title, assignee, target, content notice or language."""
    arrange(actor, section.brief)
    _locked_brief(section.brief)
    unknown = set(fields) - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    assignee = fields.get("assignee")
    if assignee is not None and not Role.objects.filter(brief=section.brief_id, user=assignee).exists():
        raise NotNow(_("Sections are assigned to people of this brief."), code="assignee")
    for name, value in fields.items():
        setattr(section, name, value)
    section.save(update_fields=list(fields))
    return Done(subject=section, scope=section.brief_id, data={"fields": sorted(fields)})


@action("section.moved")
def move_section(*, actor: Any, section: Section, place: int) -> Done:
    """Move a section to a place among the living ones, counted from 0."""
    arrange(actor, section.brief)
    _locked_brief(section.brief)
    _place(section, place)
    return Done(subject=section, scope=section.brief_id, data={"place": place})


@action("section.removed")
def remove_section(*, actor: Any, section: Section) -> Done:
    """Remove a section from the outline; its text and history are kept and it can be brought back."""
    arrange(actor, section.brief)
    _locked_brief(section.brief)
    if section.deleted_at is None:
        section.deleted_at = timezone.now()
        section.save(update_fields=["deleted_at"])
    return Done(subject=section, scope=section.brief_id)


@action("section.restored")
def restore_section(*, actor: Any, section: Section) -> Done:
    """Bring a removed section back, at the end of the outline."""
    arrange(actor, section.brief)
    _locked_brief(section.brief)
    section.deleted_at = None
    section.save(update_fields=["deleted_at"])
    with transaction.atomic():
        _place(section, len(living(section.brief)))
    return Done(subject=section, scope=section.brief_id)


@action("section.status")
def set_status(*, actor: Any, section: Section, name: str) -> Done:
    """Make one transition of the section's state machine."""
    arrange(actor, section.brief)
    check_open_to_edits(section.brief)
    move(SECTION, section, name, actor=actor, scope=section.brief_id)
    return Done(subject=section, scope=section.brief_id, data={"transition": name})

"""Arranging the sections of a brief."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from brief import checking, nesting
from brief.models import Brief, Role, Section, SectionRight
from brief.nesting import Entry, Way
from brief.permissions import AUTHORS, arrange, set_rights, write, write_section
from brief.policies import check_open_to_edits
from brief.states import SECTION, Right, RoleName, SectionState
from document import characters, tree
from document.engine import Refused, engine
from ledger import live
from ledger.actions import Done, action
from ledger.prepared import Hole, PreparedRows
from ledger.refusals import NotNow
from ledger.transitions import move

EDITABLE = frozenset({"title", "assignee", "target_words", "content_notice", "language"})
#: How long "I am working on this" holds when nobody says otherwise; it ends by itself.
WORKS = timedelta(hours=2)


def living(brief: Brief) -> list[Section]:
    """The brief's sections in order, without removed ones."""
    rows = brief.sections.filter(deleted_at=None).select_related("assignee", "working_by")
    return list(rows.order_by("order", "id"))


def outline_of(brief: Brief) -> list[Section]:
    """``living`` without the texts, for a page that lists them; each section's brief is the one given."""
    found = _outline(brief=brief.pk)
    for row in found:
        row.brief = brief
    return found


def _listed() -> QuerySet[Section]:
    of_brief = Section.objects.filter(brief_id=Hole("brief", UUIDField()), deleted_at=None)
    rows = of_brief.select_related("assignee", "working_by").defer("snapshot")
    return rows.order_by("order", "id")


_outline = PreparedRows(_listed)


def _locked_brief(brief: Brief) -> Brief:
    locked = Brief.objects.select_for_update().get(pk=brief.pk)
    check_open_to_edits(locked)
    return locked


@action("section.added")
def add_section(
    *,
    actor: Any,
    brief: Brief,
    title: str,
    doc: str | None = None,
    order: int | None = None,
    depth: int = 0,
    language: str = "",
) -> Done:
    """Add a section, empty or with a document (JSON text, checked and its ids repaired).

    ``order`` is its place among the living sections, the end when None; ``depth`` is kept to what stands around it.
    ``language`` is its own, by its tag; the brief's needs not be said.
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
        language="" if language.lower() == brief.language.lower() else language,
        **fields,
    )
    if order is not None or depth:
        entries = _entries(brief)
        at = _at(entries, section.pk)
        _arrange(brief, nesting.moved(entries, at, len(entries) if order is None else order, depth))
        section.refresh_from_db(fields=["order", "depth"])
    _told(brief)
    if doc:
        checking.ask(brief.pk)
    return Done(subject=section, scope=brief.pk)


def _entries(brief: Brief) -> list[Entry[UUID]]:
    rows = Section.objects.filter(brief=brief, deleted_at=None).order_by("order", "id")
    return [Entry(identifier, depth) for identifier, depth in rows.values_list("pk", "depth")]


def _at(entries: list[Entry[UUID]], section: UUID) -> int:
    place = next((place for place, entry in enumerate(entries) if entry.id == section), None)
    if place is None:
        raise NotNow(_("This section has been removed."), code="removed")
    return place


def _arrange(brief: Brief, entries: list[Entry[UUID]]) -> None:
    """Give the living sections these places and depths."""
    rows = Section.objects.defer("snapshot").in_bulk([entry.id for entry in entries])
    changed = []
    for order, entry in enumerate(entries):
        row = rows[entry.id]
        if (row.order, row.depth) != (order, entry.depth):
            row.order, row.depth = order, entry.depth
            changed.append(row)
    # One by one: reversion keeps the history of places, and hears of rows that are saved.
    for row in changed:
        row.save(update_fields=["order", "depth"])


def _told(brief: Brief) -> None:
    """Whoever has the brief open looks at its outline anew."""
    live.notify("outline", scope=brief.pk)


@action("section.edited")
def edit_section(*, actor: Any, section: Section, **fields: Any) -> Done:
    """Change a section's title, assignee, target, content notice or language."""
    arrange(actor, section.brief)
    write_section(actor, section)
    _locked_brief(section.brief)
    unknown = set(fields) - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    if fields.get("assignee") is not None:
        _check_assignee(section, fields["assignee"])
    for name, value in fields.items():
        setattr(section, name, value)
    section.save(update_fields=list(fields))
    _told(section.brief)
    if {"content_notice", "language"} & set(fields):
        checking.ask(section.brief_id)
    return Done(subject=section, scope=section.brief_id, data={"fields": sorted(fields)})


def _check_assignee(section: Section, assignee: Any) -> None:
    """Only who writes is given something to write; whom it was given before may keep it."""
    writes = Role.objects.filter(brief=section.brief_id, user=assignee, role__in=AUTHORS)
    if not writes.exists() and not Section.every.filter(pk=section.pk, assignee=assignee).exists():
        raise NotNow(_("Sections are assigned to authors of this brief."), code="assignee")


@action("section.moved")
def move_section(
    *, actor: Any, section: Section, place: int | None = None, depth: int | None = None, after: UUID | None = None
) -> Done:
    """Move a section, with those within it, to a place among the other living ones, counted from 0.

    ``after`` names the section it shall follow instead, which others may have moved meanwhile. ``depth`` is kept to
    what stands around it; None keeps its own.
    """
    arrange(actor, section.brief)
    _locked_brief(section.brief)
    entries = _entries(section.brief)
    at = _at(entries, section.pk)
    if after is not None:
        goal, end = _at(entries, after), nesting.end_of(entries, at)
        if at <= goal < end:
            raise NotNow(_("A section cannot stand within itself."), code="place")
        place = goal + 1 if goal < at else goal + 1 - (end - at)
    _arrange(section.brief, nesting.moved(entries, at, at if place is None else place, depth))
    _told(section.brief)
    return Done(subject=section, scope=section.brief_id, data={"place": place, "depth": depth})


@action("section.moved")
def shift_section(*, actor: Any, section: Section, way: Way) -> Done:
    """Move a section one step: up, down, in below the one before it, or out of the one it stands in."""
    arrange(actor, section.brief)
    _locked_brief(section.brief)
    entries = _entries(section.brief)
    found = nesting.shifted(entries, _at(entries, section.pk), way)
    if found is None:
        raise NotNow(_CANNOT[way](), code="place")
    _arrange(section.brief, found)
    _told(section.brief)
    return Done(subject=section, scope=section.brief_id, data={"way": way})


_CANNOT = {
    "up": lambda: _("This section stands first already."),
    "down": lambda: _("This section stands last already."),
    "in": lambda: _("A section goes below the one before it, and no deeper than three levels."),
    "out": lambda: _("This section does not stand within another."),
}


@action("section.removed")
def remove_section(*, actor: Any, section: Section) -> Done:
    """Remove a section from the outline; its text and history are kept and it can be brought back.

    Sections within it stay, one level higher.
    """
    arrange(actor, section.brief)
    write_section(actor, section)
    _locked_brief(section.brief)
    if section.deleted_at is None:
        entries = _entries(section.brief)
        left = nesting.without(entries, _at(entries, section.pk))
        section.deleted_at = timezone.now()
        section.save(update_fields=["deleted_at"])
        # Its own place and depth stay with it: there it comes back to.
        depths = {entry.id: entry.depth for entry in entries}
        for entry in left:
            if depths[entry.id] != entry.depth:
                row = Section.objects.defer("snapshot").get(pk=entry.id)
                row.depth = entry.depth
                row.save(update_fields=["depth"])
        _told(section.brief)
    return Done(subject=section, scope=section.brief_id)


@action("section.restored")
def restore_section(*, actor: Any, section: Section) -> Done:
    """Bring a removed section back to where it stood."""
    arrange(actor, section.brief)
    _locked_brief(section.brief)
    stored = Section.objects.defer("snapshot").get(pk=section.pk)
    before = Section.objects.filter(brief=section.brief, deleted_at=None, order__lt=stored.order).count()
    section.deleted_at = None
    section.save(update_fields=["deleted_at"])
    entries = _entries(section.brief)
    _arrange(section.brief, nesting.moved(entries, _at(entries, section.pk), before, stored.depth))
    _told(section.brief)
    return Done(subject=section, scope=section.brief_id)


@action("section.status")
def set_status(*, actor: Any, section: Section, name: str) -> Done:
    """Make one transition of the section's state machine."""
    arrange(actor, section.brief)
    write_section(actor, section)
    check_open_to_edits(section.brief)
    move(SECTION, section, name, actor=actor, scope=section.brief_id)
    _told(section.brief)
    return Done(subject=section, scope=section.brief_id, data={"transition": name})


@action("section.working")
def work_on(*, actor: Any, section: Section, working: bool = True) -> Done:
    """Say "I am working on this", for two hours, or that one no longer is. Others are told, nobody is kept out."""
    write(actor, section.brief)
    check_open_to_edits(section.brief)
    rows = Section.every.filter(pk=section.pk)
    if working:
        rows.update(working_by=actor, working_until=timezone.now() + WORKS)
    else:
        rows.filter(working_by=actor).update(working_by=None, working_until=None)
    section.refresh_from_db(fields=["working_by", "working_until"])
    _told(section.brief)
    return Done(subject=section, scope=section.brief_id, data={"working": working})


@action("section.rights")
def give_rights(*, actor: Any, section: Section, authors_may: Right | str, exceptions: Mapping[Any, str]) -> Done:
    """Say what authors may do with a section, and which of them may do something else (user → right)."""
    set_rights(actor, section.brief)
    _locked_brief(section.brief)
    people = set(
        Role.objects.filter(brief=section.brief_id, role__in=AUTHORS)
        .exclude(role=RoleName.LEAD_AUTHOR)
        .values_list("user", flat=True)
    )
    if not {user.pk for user in exceptions} <= people:
        raise NotNow(_("Rights are given to contributing authors of this brief."), code="person")
    section.authors_may = Right(authors_may)
    section.save(update_fields=["authors_may"])
    SectionRight.objects.filter(section=section).exclude(user__in=exceptions).delete()
    for user, right in exceptions.items():
        SectionRight.objects.update_or_create(section=section, user=user, defaults={"right": Right(right)})
    live.notify("rights", scope=section.brief_id)
    # The outline says what one may do where, and open pages heed it.
    _told(section.brief)
    return Done(subject=section, scope=section.brief_id, data={"authors_may": str(section.authors_may)})

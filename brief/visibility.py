"""Who sees which rows. Every look-up by an id of a URL goes through here (TRUST 7)."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Model, QuerySet, UUIDField
from django.http import Http404

from brief.models import (
    Acronym,
    Brief,
    Claim,
    Comment,
    Contradiction,
    Definition,
    Export,
    Figure,
    ImportDraft,
    NamedPoint,
    PartWhole,
    PreferredTerm,
    Quotation,
    Section,
    SetAside,
    Source,
    SourceBatch,
    Thread,
    Version,
)
from brief.permissions import remember_roles, talk
from brief.states import SectionKind
from ledger.prepared import Hole, Prepared
from ledger.refusals import Hidden, allowed

Row = TypeVar("Row", bound=Model)


def briefs_for(user: Any) -> QuerySet[Brief]:
    """Briefs on which this person holds a role."""
    return Brief.objects.filter(roles__user=user).distinct()


def brief_for(user: Any, identifier: UUID) -> Brief:
    """One of the person's briefs, or Hidden. One query brings the person's roles too."""
    held = _roles(brief=identifier, person=user.pk)
    if not held:
        raise Hidden("")
    brief = Brief.from_db(DEFAULT_DB_ALIAS, _OF_BRIEF, held[0][:-1])
    remember_roles(user, brief, frozenset(row[-1] for row in held))
    return brief


_OF_BRIEF = [field.attname for field in Brief._meta.concrete_fields]
#: Without the text, which the engine mostly holds: it is most of what the row weighs.
_OF_SECTION = [field.attname for field in Section._meta.concrete_fields if field.attname != "snapshot"]


def _with_roles() -> QuerySet[Any, tuple[Any, ...]]:
    mine = Brief.objects.filter(pk=Hole("brief", UUIDField()), roles__user_id=Hole("person", UUIDField()))
    return mine.order_by().values_list(*_OF_BRIEF, "roles__role")


def _living() -> QuerySet[Any, tuple[Any, ...]]:
    wanted = Section.every.filter(pk=Hole("section", UUIDField()), brief_id=Hole("brief", UUIDField()))
    return wanted.filter(deleted_at=None).order_by().values_list(*_OF_SECTION)


# Asked by nearly every page of a brief.
_roles, _section = Prepared(_with_roles), Prepared(_living)


def section_of(brief: Brief, identifier: UUID, *, removed: bool = False) -> Section:
    """A living section of this brief (or a removed one), or a 404. Its brief is the one given."""
    if removed:
        section = Section.objects.filter(brief=brief, pk=identifier, deleted_at__isnull=False).first()
    else:
        section = _writable(brief, identifier)
    if section is None or section.kind != SectionKind.SECTION:
        raise Http404
    section.brief = brief
    return section


def text_of(brief: Brief, identifier: UUID) -> Section:
    """What is written in the writing room under this id: a living section, or the concept note; or a 404."""
    section = _writable(brief, identifier)
    if section is None:
        raise Http404
    section.brief = brief
    return section


def _writable(brief: Brief, identifier: UUID) -> Section | None:
    rows = _section(section=identifier, brief=brief.pk)
    return Section.from_db(DEFAULT_DB_ALIAS, _OF_SECTION, rows[0]) if rows else None


def _within(brief: Brief, rows: QuerySet[Row]) -> Row:
    """The one row that was asked for, or a 404; its brief is the one given."""
    row = rows.first()
    if row is None:
        raise Http404
    if hasattr(row, "brief_id"):
        setattr(row, "brief", brief)  # noqa: B010 - not every model that is of a brief has it as a field
    return row


def figure_of(brief: Brief, identifier: UUID) -> Figure:
    return _within(brief, Figure.objects.filter(brief=brief, pk=identifier))


def source_of(brief: Brief, identifier: int) -> Source:
    return _within(brief, Source.objects.filter(brief=brief, pk=identifier))


def batch_of(brief: Brief, identifier: UUID) -> SourceBatch:
    """Sources pasted into this brief, or a 404."""
    return _within(brief, SourceBatch.objects.filter(brief=brief, pk=identifier))


def version_of(brief: Brief, number: int) -> Version:
    return _within(brief, Version.objects.filter(brief=brief, number=number).select_related("apparatus"))


def threads_for(user: Any, brief: Brief) -> QuerySet[Thread]:
    """The authors' threads of a brief with their anchors; none for anybody else."""
    if not allowed(talk, user, brief):
        return Thread.objects.none()
    return Thread.objects.filter(brief=brief).select_related("anchor")


def open_threads(user: Any, brief: Brief) -> dict[UUID, int]:
    """Section → how many of its threads, of those, are not settled. One query; nothing for anybody else."""
    return dict(_open(brief=brief.pk)) if allowed(talk, user, brief) else {}


def _unsettled() -> QuerySet[Any, tuple[Any, ...]]:
    rows = Thread.objects.filter(brief_id=Hole("brief", UUIDField()), resolved_at=None, section__isnull=False)
    return rows.order_by().values_list("section_id").annotate(number=Count("pk"))


_open = Prepared(_unsettled)


def thread_of(user: Any, brief: Brief, identifier: UUID) -> Thread:
    """An authors' thread of this brief that this person may see, or a 404."""
    return _within(brief, threads_for(user, brief).select_related("section").filter(pk=identifier))


def comment_of(user: Any, brief: Brief, identifier: UUID) -> Comment:
    """A comment of the authors of this brief that was not taken back, or a 404."""
    threads = threads_for(user, brief).select_related(None)
    rows = Comment.objects.filter(pk=identifier, thread__in=threads, withdrawn_at=None)
    comment = rows.select_related("thread__section").first()
    if comment is None:
        raise Http404
    comment.thread.brief = brief
    return comment


def import_of(brief: Brief, identifier: UUID) -> ImportDraft:
    """A draft uploaded to this brief, or a 404."""
    return _within(brief, ImportDraft.objects.filter(brief=brief, pk=identifier).select_related("by"))


def claim_of(brief: Brief, identifier: UUID) -> Claim:
    """A claim of this brief, or a 404."""
    return _within(brief, Claim.objects.filter(brief=brief, pk=identifier).select_related("source"))


def contradiction_of(brief: Brief, identifier: int) -> Contradiction:
    return _within(brief, Contradiction.objects.filter(claim__brief=brief, pk=identifier))


def whole_of(brief: Brief, identifier: int) -> PartWhole:
    return _within(brief, PartWhole.objects.filter(brief=brief, pk=identifier))


#: As in addresses → model.
WORDS = {"acronym": Acronym, "term": PreferredTerm, "definition": Definition, "quotation": Quotation}


def word_of(brief: Brief, kind: str, identifier: int) -> Acronym | PreferredTerm | Definition | Quotation:
    """An agreed word of this brief, or a 404."""
    model: Any = WORDS.get(kind)
    word = model.objects.filter(brief=brief, pk=identifier).first() if model else None
    if word is None:
        raise Http404
    word.brief = brief
    found: Acronym | PreferredTerm | Definition | Quotation = word
    return found


def set_aside_of(brief: Brief, identifier: int) -> SetAside:
    return _within(brief, SetAside.objects.filter(brief=brief, pk=identifier))


def export_of(brief: Brief, identifier: UUID) -> Export:
    """A Word file of this brief, or a 404."""
    rows = Export.objects.filter(brief=brief, pk=identifier)
    rows = rows.select_related("version", "since", "point", "since_point", "by")
    return _within(brief, rows)


def point_of(brief: Brief, identifier: int) -> NamedPoint:
    """A named point of this brief, or a 404."""
    return _within(brief, NamedPoint.objects.filter(brief=brief, pk=identifier))

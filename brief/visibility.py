"""Who sees which rows. Every look-up by an id of a URL goes through here (TRUST 7)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from brief.models import Brief, Figure, ImportDraft, Role, Section, Thread, Version
from brief.permissions import remember_roles, talk
from ledger.refusals import Hidden, allowed


def briefs_for(user: Any) -> QuerySet[Brief]:
    """Briefs on which this person holds a role."""
    return Brief.objects.filter(roles__user=user).distinct()


def brief_for(user: Any, identifier: UUID) -> Brief:
    """One of the person's briefs, or Hidden. One query brings the person's roles too."""
    held = list(Role.objects.filter(brief=identifier, user_id=user.pk).select_related("brief"))
    if not held:
        raise Hidden("")
    brief: Brief = held[0].brief
    remember_roles(user, brief, frozenset(each.role for each in held))
    return brief


def section_of(brief: Brief, identifier: UUID, *, removed: bool = False) -> Section:
    """A living section of this brief (or a removed one), or a 404. Its brief is the one given."""
    section = Section.objects.filter(brief=brief, pk=identifier, deleted_at__isnull=not removed).first()
    if section is None:
        raise Http404
    section.brief = brief
    return section


def figure_of(brief: Brief, identifier: UUID) -> Figure:
    figure = Figure.objects.filter(brief=brief, pk=identifier).first()
    if figure is None:
        raise Http404
    return figure


def version_of(brief: Brief, number: int) -> Version:
    version = Version.objects.filter(brief=brief, number=number).select_related("apparatus").first()
    if version is None:
        raise Http404
    version.brief = brief
    return version


def threads_for(user: Any, brief: Brief) -> QuerySet[Thread]:
    """The authors' threads of a brief with their anchors; none for anybody else."""
    if not allowed(talk, user, brief):
        return Thread.objects.none()
    return Thread.objects.filter(brief=brief).select_related("anchor")


def thread_of(user: Any, brief: Brief, identifier: UUID) -> Thread:
    """An authors' thread of this brief that this person may see, or a 404."""
    thread = threads_for(user, brief).select_related("section").filter(pk=identifier).first()
    if thread is None:
        raise Http404
    thread.brief = brief
    return thread


def import_of(brief: Brief, identifier: UUID) -> ImportDraft:
    """A draft uploaded to this brief, or a 404."""
    draft = ImportDraft.objects.filter(brief=brief, pk=identifier).select_related("by").first()
    if draft is None:
        raise Http404
    draft.brief = brief
    return draft

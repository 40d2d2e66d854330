"""The briefs' own records: how long they are kept, and what they say of a person.

Versions and texts are in no class: they stay. So do steps, by which comments find their place; who
wrote each is forgotten in time.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brief.models import (
    Brief,
    Claim,
    Comment,
    Export,
    ImportDraft,
    Mention,
    NamedPoint,
    Quotation,
    Role,
    Section,
    SectionCheck,
    SectionRight,
    Sensitivity,
    SetAside,
    SourceBatch,
    Step,
    Suggestion,
    Text,
    Thread,
    Version,
)
from brief.policies import role_checks
from brief.states import IMPORT, Circle, ImportState, RoleName
from ledger import live
from ledger.holds import Held
from ledger.models import Event
from ledger.people import Leaving, Records, replace_words
from ledger.retention import RecordClass
from ledger.transitions import move

#: The event by which a brief became public.
PUBLISHED = "brief.publish"


def published_between(after: Any, before: datetime, brief: str) -> Exists:
    """Whether the brief (a field's name) was published after something and before ``before``."""
    events = Event.objects.filter(verb=PUBLISHED, scope=OuterRef(brief), at__gt=OuterRef(after), at__lt=before)
    return Exists(events)


def drafts_due(before: datetime, held: Held) -> QuerySet[Any]:
    rows = ImportDraft.objects.filter(at__lt=before).exclude(brief__in=held.briefs)
    return rows.exclude(by__in=held.people) if held.people else rows


def remove_drafts(rows: QuerySet[Any]) -> int:
    drafts = list(rows)
    for draft in drafts:
        _forget_file(draft)
    ImportDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    return len(drafts)


def batches_due(before: datetime, held: Held) -> QuerySet[Any]:
    rows = SourceBatch.objects.filter(at__lt=before).exclude(brief__in=held.briefs)
    return rows.exclude(by__in=held.people) if held.people else rows


def exports_due(before: datetime, held: Held) -> QuerySet[Any]:
    return Export.objects.filter(at__lt=before).exclude(brief__in=held.briefs)


def remove_exports(rows: QuerySet[Any]) -> int:
    exports = list(rows)
    for export in exports:
        _forget_file(export)
    Export.objects.filter(pk__in=[export.pk for export in exports]).delete()
    return len(exports)


def steps_due(before: datetime, held: Held) -> QuerySet[Any]:
    rows = Step.objects.exclude(author=None).exclude(section__brief__in=held.briefs)
    return rows.exclude(author__in=held.people).filter(published_between("at", before, "section__brief"))


CLASSES = (
    RecordClass(
        "drafts",
        gettext_lazy("Drafts imported"),
        gettext_lazy("The uploaded file, how it was read, and what was found in it; from the day it was uploaded."),
        180,
        drafts_due,
        remove_drafts,
        least=7,
    ),
    RecordClass(
        "pastes",
        gettext_lazy("Sources pasted"),
        gettext_lazy("What was pasted or uploaded to be added to a list of sources; from the day it came."),
        90,
        batches_due,
        lambda rows: int(rows.delete()[0]),
        least=7,
    ),
    RecordClass(
        "exports",
        gettext_lazy("Word files of drafts"),
        gettext_lazy("Drafts that authors took away, with their comments; from the day each was made."),
        30,
        exports_due,
        remove_exports,
        least=1,
    ),
    RecordClass(
        "steps",
        gettext_lazy("Who wrote which letter"),
        gettext_lazy(
            "Who made each step of a text; from the publication of the edition it went into. The steps themselves stay."
        ),
        1095,
        steps_due,
        lambda rows: int(rows.update(author=None)),
        least=30,
    ),
)


# --- a person ---------------------------------------------------------------------------------------


def about(user: Any) -> list[Records]:
    """Parts, own words among the authors, uploads, and which steps were theirs; nothing of others."""
    own = Comment.objects.filter(author=user, thread__circle=Circle.AUTHORS).order_by("at")
    roles = Role.objects.filter(user=user).annotate(brief_title=F("brief__title"), for_=F("organisation__name"))
    drafts = ImportDraft.objects.filter(by=user).order_by("at")
    steps = Step.objects.filter(author=user).order_by("pk").values("section_id", "version", "at", "step")
    versions = Version.objects.filter(created_by=user).annotate(brief_title=F("brief__title"))
    aside, answers = SetAside.objects.filter(by=user), Sensitivity.objects.filter(by=user)
    suggested = ("section_id", "identifier", "at", "decision", "decided_at", "before", "after")
    files = [(f"imports/{draft.pk}", str(draft.file.name)) for draft in drafts if draft.file]
    return [
        Records("briefs/parts", roles.values("brief_title", "role", "for_", "added_at"), open=True),
        Records("briefs/comments", own.values("id", "at", "body", "edited_at", "withdrawn_at").iterator()),
        Records("briefs/mentions", Mention.objects.filter(user=user).values("comment_id", "seen_at")),
        Records("briefs/rights", SectionRight.objects.filter(user=user).values("section__title", "right")),
        Records("briefs/imports", drafts.values("name", "status", "at"), files),
        Records("briefs/sources_pasted", SourceBatch.objects.filter(by=user).values("name", "status", "at", "text")),
        Records("briefs/exports", Export.objects.filter(by=user).order_by("at").values("name", "status", "at")),
        Records("briefs/steps", steps.iterator()),
        Records("briefs/suggestions", Suggestion.objects.filter(author=user).values(*suggested)),
        Records("briefs/set-aside", aside.values("code", "words", "reason", "at", "ended_at")),
        Records("briefs/sensitivity", answers.values("section_id", "question", "answer", "note", "at")),
        Records("briefs/named-points", NamedPoint.objects.filter(by=user).values("brief_id", "name", "at")),
        Records("briefs/versions", versions.values("brief_title", "number", "note", "at")),
    ]


def briefs_of(user: Any) -> list[UUID]:
    """Where the person has a part, wrote, or said something."""
    rows = [
        Role.objects.filter(user=user).values_list("brief", flat=True),
        Step.objects.filter(author=user).values_list("section__brief", flat=True).distinct(),
        Thread.every.filter(comments__author=user).values_list("brief", flat=True).distinct(),
    ]
    return list({brief for found in rows for brief in found})


def titles() -> list[tuple[UUID, str]]:
    return list(Brief.objects.order_by("title").values_list("pk", "title"))


def people() -> list[Any]:
    return [Role.objects.values("user")]


def erasure_sentences(user: Any) -> list[str]:
    """A brief keeps a lead author, and what a role holds up stays up."""
    sentences = []
    for role in Role.objects.filter(user=user).select_related("brief", "user", "organisation"):
        alone = not Role.objects.filter(brief=role.brief, role=role.role).exclude(pk=role.pk).exists()
        if role.role == RoleName.LEAD_AUTHOR and alone:
            sentences.append(
                _("%(brief)s has no other lead author. Give somebody else that part first.")
                % {"brief": role.brief.title}
            )
        sentences += [str(sentence) for sentence in role_checks.collect(role)]
    return sentences


def erase(leaving: Leaving) -> list[tuple[str, int]]:
    user = leaving.user
    briefs = set(Role.objects.filter(user=user).values_list("brief", flat=True))
    parts = Role.objects.filter(user=user).delete()[0]
    parts += Section.every.filter(assignee=user).update(assignee=None)
    parts += Section.every.filter(working_by=user).update(working_by=None, working_until=None)
    parts += SectionRight.objects.filter(user=user).delete()[0] + Mention.objects.filter(user=user).delete()[0]
    drafts = _put_away(user)
    drafts += replace_words(ImportDraft, ("name", "reading", "outline", "report", "sentence"), leaving)
    drafts += SourceBatch.objects.filter(by=user).delete()[0]
    named = Q(author_name__iexact=leaving.name) if leaving.name else Q(pk=None)
    # Files of the briefs say who commented and suggested; they are made anew in seconds.
    remove_exports(Export.objects.filter(Q(brief__in=[*briefs, *briefs_of(user)]) | Q(by=user)))
    words = Comment.objects.filter(named).update(author_name=leaving.pseudonym)
    words += Suggestion.objects.filter(named).update(author_name=leaving.pseudonym)
    words += replace_words(Comment, ("author_name", "body"), leaving)
    words += replace_words(Suggestion, ("author_name",), leaving)
    words += replace_words(SetAside, ("reason",), leaving)
    words += replace_words(Sensitivity, ("note",), leaving)
    words += replace_words(Claim, ("note",), leaving)
    replace_words(SectionCheck, ("reading",), leaving)
    words += replace_words(Quotation, ("speaker", "capacity"), leaving)
    transaction.on_commit(lambda: _leave_rooms(briefs), robust=True)
    return [("parts", parts), ("drafts", drafts), ("comments", words)]


def _put_away(user: Any) -> int:
    """Uploads go with their file, whose own metadata name its author; what was taken from them stays in the text."""
    drafts = list(ImportDraft.objects.select_for_update().filter(by=user))
    for draft in drafts:
        _forget_file(draft)
        if draft.status in (ImportState.READING, ImportState.PROPOSED):
            move(IMPORT, draft, "discard", actor=None, scope=draft.brief_id)
        ending = draft.name.rpartition(".")[2]
        ImportDraft.objects.filter(pk=draft.pk).update(name=f"draft.{ending}", file="", reading="", outline="")
    return len(drafts)


def _forget_file(draft: ImportDraft | Export) -> None:
    storage, name = draft.file.storage, draft.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def _leave_rooms(briefs: set[UUID]) -> None:
    """Presence says names: it is told anew within seconds by whoever is still there."""
    sections = Section.every.filter(brief__in=briefs).values_list("pk", flat=True)
    cache.delete_many([f"presence:{section}" for section in sections])
    for brief in briefs:
        live.notify("rights", scope=brief)


def standing(leaving: Leaving) -> list[str]:
    """Briefs whose own text names the person: what authors wrote, and what was signed, is not ours to change."""
    found = Q(pk=None)
    for word in {old for old, _new in leaving.words}:
        found |= Q(acknowledgements__icontains=word) | Q(contact__iexact=word) | Q(summary__icontains=word)
        inside = json.dumps(word, ensure_ascii=False)[1:-1]
        found |= Q(sections__snapshot__icontains=inside)
        texts = Text.objects.filter(body__icontains=inside)
        found |= Q(versions__sections__text__in=texts) | Q(versions__apparatus__in=texts)
    titles = Brief.objects.filter(found).order_by("title").values_list("title", flat=True).distinct()
    return [_("The name stands in the text of %(brief)s.") % {"brief": title} for title in titles]

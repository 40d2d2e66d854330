"""Bringing a draft into a brief: upload, change the outline, confirm, put away."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from brief import importing_rows
from brief.actions.sections import add_section
from brief.models import Brief, ImportDraft, Section
from brief.permissions import arrange
from brief.policies import check_open_to_edits
from brief.states import IMPORT, ImportState
from document import uploads
from document.importing import ENDINGS, Reading, outline
from document.importing.outline import Entry
from ledger import jobs
from ledger.actions import Done, action
from ledger.models import Job
from ledger.refusals import NotNow
from ledger.states import JobState
from ledger.transitions import move

Change = Callable[[Reading, list[Entry]], list[Entry]]
#: Words from which writing the sections is a worker's job: no page waits for it longer than a second.
LONG = 20_000


@action("import.uploaded")
def upload_draft(*, actor: Any, brief: Brief, content: bytes, name: str) -> Done:
    """Keep the file privately and ask for its reading. Size and kind are checked here, the rest there."""
    arrange(actor, brief)
    check_open_to_edits(brief)
    shown = uploads.clean_name(name)
    if shown.rpartition(".")[2].lower() not in ENDINGS:
        raise NotNow(_("Only Word (.docx), ODT, HTML, Markdown and text files are taken."), code="kind")
    try:
        uploads.check_size(content)
    except uploads.Refused as refused:
        raise NotNow(_(refused.sentence), code=refused.code) from refused
    draft = ImportDraft(brief=brief, name=shown, by=actor if getattr(actor, "pk", None) else None)
    draft.file.save("draft", ContentFile(content), save=False)
    draft.save()
    key = f"draft.read:{draft.pk}"
    jobs.enqueue("draft.read", key=key, payload={"draft": str(draft.pk)}, queue="convert", scope=brief.pk)
    return Done(subject=draft, scope=brief.pk)


def _proposed(actor: Any, draft: ImportDraft) -> ImportDraft:
    """The draft, locked, for one who may arrange its brief while it waits for a decision."""
    arrange(actor, draft.brief)
    check_open_to_edits(draft.brief)
    locked = ImportDraft.objects.select_for_update(of=("self",)).select_related("brief").get(pk=draft.pk)
    if locked.status != ImportState.PROPOSED:
        raise NotNow(_("This draft is no longer waiting for a decision."), code="state")
    return locked


def is_long(draft: ImportDraft) -> bool:
    words: int = json.loads(draft.report)["found"]["words"] if draft.report else 0
    return words > LONG


def writing_job(draft: ImportDraft) -> Job | None:
    """The last job that was to write this draft's sections."""
    return Job.objects.filter(key__startswith=f"draft.write:{draft.pk}:").order_by("-created_at").first()


def check_not_being_written(draft: ImportDraft) -> None:
    job = writing_job(draft)
    if job is not None and job.state == JobState.DUE:
        raise NotNow(_("The sections of this draft are being written."), code="writing")


@action("import.asked")
def ask_to_write(*, actor: Any, draft: ImportDraft) -> Done:
    """Confirm a long draft: a worker writes its sections, in this person's name."""
    locked = _proposed(actor, draft)
    check_not_being_written(locked)
    job = jobs.enqueue(
        "draft.write",
        key=f"draft.write:{locked.pk}:{uuid4()}",
        payload={"draft": str(locked.pk), "actor": str(actor.pk)},
        queue="convert",
        scope=draft.brief_id,
    )
    return Done(subject=locked, value=job, scope=draft.brief_id)


@action("import.outlined")
def change_outline(*, actor: Any, draft: ImportDraft, change: Change) -> Done:
    """Promote, demote, split, merge or rename: ``change`` is a pure function over the entries."""
    locked = _proposed(actor, draft)
    check_not_being_written(locked)
    reading = Reading.from_text(locked.reading)
    try:
        entries = change(reading, outline.from_json(json.loads(locked.outline)))
    except (ValueError, IndexError) as error:
        raise NotNow(_("The outline has changed meanwhile. Look again and repeat."), code="outline") from error
    locked.outline = json.dumps([entry.to_json() for entry in entries], ensure_ascii=False)
    locked.report = json.dumps(reading.assembled(entries).report.to_json(), ensure_ascii=False)
    locked.save(update_fields=["outline", "report"])
    return Done(subject=locked, scope=draft.brief_id)


@action("import.confirmed")
def confirm_import(*, actor: Any, draft: ImportDraft) -> Done:
    """Write sections, comments, suggestions and figures, whole or not at all; gives the sections."""
    locked = _proposed(actor, draft)
    reading = Reading.from_text(locked.reading)
    imported = reading.assembled(outline.from_json(json.loads(locked.outline)))
    importing_rows.add_figures(locked, imported)
    sections: list[Section] = [
        add_section(
            actor=actor,
            brief=locked.brief,
            title=made["title"],
            doc=json.dumps(made["doc"]),
            depth=made["depth"],
            language=made["language"],
        )
        for made in imported.sections
    ]
    importing_rows.add_suggestions(imported, sections)
    importing_rows.add_threads(locked.brief, imported, sections)
    kept = {"reading": "", "outline": "", "report": json.dumps(imported.report.to_json(), ensure_ascii=False)}
    move(IMPORT, locked, "take", actor=actor, scope=draft.brief_id, set_fields=kept)
    _forget_file(locked)
    return Done(subject=locked, scope=draft.brief_id, value=sections, data={"sections": len(sections)})


@action("import.discarded")
def discard_import(*, actor: Any, draft: ImportDraft) -> Done:
    """Put an upload away: its file and reading are deleted."""
    arrange(actor, draft.brief)
    check_not_being_written(draft)
    move(IMPORT, draft, "discard", actor=actor, scope=draft.brief_id, set_fields={"reading": "", "outline": ""})
    _forget_file(draft)
    return Done(subject=draft, scope=draft.brief_id)


def _forget_file(draft: ImportDraft) -> None:
    """Delete the stored file once the transaction is certain."""
    storage, name = draft.file.storage, draft.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
        ImportDraft.objects.filter(pk=draft.pk).update(file="")

"""Taking a draft away as a Word file, and putting the file away."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from brief.models import Brief, Export, NamedPoint, Version
from brief.models.exports import FileFormat, Suggestions
from brief.permissions import export_draft
from ledger import jobs
from ledger.actions import Done, action


@action("draft.asked")
def ask_export(
    *,
    actor: Any,
    brief: Brief,
    version: Version | None = None,
    since: Version | None = None,
    point: NamedPoint | None = None,
    since_point: NamedPoint | None = None,
    comments: bool = True,
    suggestions: str = Suggestions.TRACKED,
    format: str = FileFormat.WORD,
) -> Done:
    """Have a worker write today's text, a version or a named moment; a ``since`` makes it a redline."""
    export_draft(actor, brief)
    export = Export.objects.create(
        brief=brief,
        version=version,
        since=since,
        point=point,
        since_point=since_point,
        comments=comments and format == FileFormat.WORD,
        suggestions=suggestions,
        format=FileFormat(format),
        by=actor,
    )
    key = f"draft.export:{export.pk}"
    jobs.enqueue("draft.export", key=key, payload={"export": str(export.pk)}, queue="convert", scope=brief.pk)
    return Done(subject=export, scope=brief.pk)


@action("draft.removed")
def remove_export(*, actor: Any, export: Export) -> Done:
    """Delete a file before its time."""
    export_draft(actor, export.brief)
    forget(export)
    pk = export.pk
    export.delete()
    export.pk = pk
    return Done(subject=export, scope=export.brief_id)


def forget(export: Export) -> None:
    """Delete the stored file once the transaction is certain."""
    storage, name = export.file.storage, export.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)

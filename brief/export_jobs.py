"""Making the Word file that an author asked for: in the worker, with progress."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from brief import drafts
from brief.drafts import named
from brief.labels import labels
from brief.models import Export, NamedPoint, Version
from brief.models.exports import FileFormat
from brief.permissions import export_draft
from brief.states import EXPORT, ExportState
from document import sandbox, typst, word
from document.assembly import Assembly, assemble
from ledger import hours
from ledger.jobs import Running
from ledger.refusals import allowed
from ledger.transitions import move


def make(running: Running) -> dict[str, Any]:
    """Write the file; what cannot be written is told with its sentence. Idempotent: a file that is made stays."""
    row = Export.objects.select_for_update(of=("self",)).filter(pk=running.payload["export"])
    export = row.select_related("brief", "version", "since", "point", "since_point", "by").first()
    if export is None or export.status != ExportState.MAKING:
        return {"made": False}
    if export.by is None or not allowed(export_draft, export.by, export.brief):
        return _refuse(export, _("Only authors take the draft away, and whoever asked for it is none any more."))
    running.progress(10, _("Reading the text and its comments"))
    draft = drafts.of(export)
    running.progress(40, _("Formatting the citations"))
    try:
        assembly = assemble(draft.publication, labels(draft.publication.language))
        if export.format == FileFormat.PDF:
            running.progress(60, _("Setting the PDF"))
            return _keep(export, printed(export, assembly))
        running.progress(60, _("Writing the Word file"))
        made = word.draft(assembly, talks=draft.talks, changes=draft.changes, wrapping=wrapping(export))
    except sandbox.SandboxError as error:
        return _refuse(export, _(error.sentence))
    return _keep(export, made)


def printed(export: Export, assembly: Assembly) -> word.Drafted:
    """The text as PDF, its cover saying which it is; insertions are underlined there, deletions struck."""
    said = wrapping(export)
    publication = replace(assembly.publication, subtitle=said.stamp, edition=f"{said.foot} · {said.mark}")
    words = replace(assembly.labels, edition="{edition}")
    return word.Drafted(typst.pdf(replace(assembly, publication=publication, labels=words)), counts={})


def _keep(export: Export, made: word.Drafted) -> dict[str, Any]:
    export.file.save("draft", ContentFile(made.content), save=False)
    told = {
        "counts": made.counts,
        "lost": [asdict(each) for each in made.lost],
        "moved": [{"section": each.section, "body": each.remarks[0].body[:90]} for each in made.moved],
    }
    fields = {
        "file": export.file.name,
        "name": file_name(export),
        "size": len(made.content),
        "report": json.dumps(told, ensure_ascii=False),
    }
    move(EXPORT, export, "finish", actor=None, scope=export.brief_id, set_fields=fields)
    return {"made": True}


def _refuse(export: Export, sentence: str) -> dict[str, Any]:
    move(EXPORT, export, "refuse", actor=None, scope=export.brief_id, set_fields={"sentence": sentence})
    return {"made": False}


def shown(export: Export) -> str:
    """What the file holds, in words."""
    text = named(export.version, export.point) or str(_("today's draft"))
    since = named(export.since, export.since_point)
    if not since:
        return text[:1].upper() + text[1:]
    return _("Changes from %(old)s to %(new)s") % {"old": since, "new": text}


def wrapping(export: Export) -> word.Wrapping:
    """The words around the text, in the brief's language: it is they who read the file that must understand them."""
    with override(export.brief.language.lower()):
        stamp = f"{shown(export)} · {hours.told(export.at, 'UTC')}"
        return word.Wrapping(str(_("Draft – do not cite, quote or distribute")), stamp, shown(export))


def file_name(export: Export) -> str:
    """A name that says which text it is: ``safe-passage-version-3.docx``."""
    text = _slug(export.version, export.point) or f"draft-{timezone.localtime(export.at):%Y-%m-%d-%H%M}"
    if since := _slug(export.since, export.since_point):
        text = f"changes-since-{since}-{text}"
    return f"{export.brief.slug[:70]}-{text}.{export.format}"


def _slug(version: Version | None, point: NamedPoint | None) -> str:
    if version is not None:
        return f"version-{version.number}"
    return (slugify(point.name)[:20] or f"moment-{point.pk}") if point is not None else ""

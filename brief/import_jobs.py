"""Reading an uploaded draft, and writing a long one's sections: in the worker, with progress."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from brief.actions.imports import confirm_import
from brief.models import ImportDraft
from brief.states import IMPORT, ImportState
from document import importing
from ledger.jobs import GiveUp, Running
from ledger.refusals import Refusal
from ledger.transitions import move


def read(running: Running) -> dict[str, Any]:
    """Read the file, propose an outline; a refusal is told with its sentence, not tried again.

    Idempotent: a draft that is no longer being read is left alone.
    """
    draft = ImportDraft.objects.select_for_update().filter(pk=running.payload["draft"]).first()
    if draft is None or draft.status != ImportState.READING:
        return {"read": False}
    running.progress(10, _("Reading the file"))
    with draft.file.open("rb") as opened:
        content = opened.read()
    try:
        reading = importing.read(content, draft.name, str(draft.pk))
    except importing.Refused as refused:
        move(IMPORT, draft, "refuse", actor=None, scope=draft.brief_id, set_fields={"sentence": _(refused.sentence)})
        return {"read": False, "code": refused.code}
    running.progress(80, _("Proposing the outline"))
    fields = {
        "reading": reading.to_text(),
        "outline": json.dumps([entry.to_json() for entry in reading.entries], ensure_ascii=False),
        "report": json.dumps(reading.assembled().report.to_json(), ensure_ascii=False),
    }
    move(IMPORT, draft, "propose", actor=None, scope=draft.brief_id, set_fields=fields)
    return {"read": True}


def write(running: Running) -> dict[str, Any]:
    """Write the sections as the outline stands, in the name of who asked; a refusal is told, not tried again.

    Idempotent: a draft that was taken meanwhile is left alone.
    """
    draft = ImportDraft.objects.select_related("brief").filter(pk=running.payload["draft"]).first()
    actor = User.objects.filter(pk=running.payload["actor"], is_active=True).first()
    if draft is None or actor is None or draft.status != ImportState.PROPOSED:
        return {"sections": 0}
    running.progress(20, _("Writing the sections"))
    try:
        made = confirm_import(actor=actor, draft=draft)
    except Refusal as refusal:
        raise GiveUp(str(refusal.sentence)) from refusal
    return {"sections": len(made)}

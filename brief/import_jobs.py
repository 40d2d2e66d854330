"""Reading an uploaded draft: in the worker, confined, with progress."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from brief.models import ImportDraft
from brief.states import IMPORT, ImportState
from document import importing
from ledger.jobs import Running
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

"""Reading a long file of sources, in the worker."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brief.actions.source_batches import why_unreadable
from brief.models import SourceBatch
from brief.states import IMPORT, ImportState
from document import bibliography
from document.bibliography import Unreadable
from document.sandbox import SandboxError
from ledger.jobs import Running
from ledger.transitions import move


def read(running: Running) -> dict[str, Any]:
    """Read the batch; what cannot be read is told with its sentence, not tried again.

    Idempotent: a batch that is no longer being read is left alone.
    """
    batch = SourceBatch.objects.select_for_update().filter(pk=running.payload["batch"]).first()
    if batch is None or batch.status != ImportState.READING:
        return {"read": False}
    running.progress(20, _("Reading the sources"))
    try:
        reading = bibliography.read(batch.text, today=timezone.localdate())
    except (Unreadable, SandboxError) as fault:
        sentence = why_unreadable(fault.code) if isinstance(fault, Unreadable) else _(fault.sentence)
        move(IMPORT, batch, "refuse", actor=None, scope=batch.brief_id, set_fields={"sentence": sentence, "text": ""})
        return {"read": False}
    move(IMPORT, batch, "propose", actor=None, scope=batch.brief_id, set_fields={"reading": reading.to_text()})
    return {"read": True, "entries": len(reading.entries)}

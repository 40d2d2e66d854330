"""What runs after the commit: writing a section's whole text, and advancing its anchors."""

from __future__ import annotations

import json
from typing import Any

from brief import anchors, texts
from brief.models import Section
from document import tree
from ledger.jobs import Running


def snapshot(running: Running) -> dict[str, Any]:
    """Write the section's text at its present version, its words, and where its comments stand.

    Idempotent: a second run finds nothing left to do.
    """
    section = Section.objects.select_for_update().filter(pk=running.payload["section"]).first()
    if section is None or section.snapshot_version == section.version:
        return {"written": False}
    version, text = texts.current(section)
    section.snapshot, section.snapshot_version = text, version
    section.words = tree.words(json.loads(text))
    section.save(update_fields=["snapshot", "snapshot_version", "words"])
    anchors.advance(section)
    return {"written": True, "version": version}

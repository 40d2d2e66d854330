"""What runs after the commit: writing a section's whole text, and advancing its anchors."""

from __future__ import annotations

import json
from typing import Any

from brief import anchors, checking, texts
from brief.history import moments
from brief.models import Brief, Section
from document import tree
from ledger import jobs
from ledger.jobs import Running


def snapshot(running: Running) -> dict[str, Any]:
    """Write the section's text at its present version and its words; its anchors follow in a job of their own.

    Idempotent: a second run finds nothing left to do.
    """
    section = Section.every.select_for_update().filter(pk=running.payload["section"]).first()
    if section is None or section.snapshot_version == section.version:
        return {"written": False}
    version, text = texts.current(section)
    moments.keep(section, version, text)
    section.snapshot, section.snapshot_version = text, version
    section.words = tree.words(json.loads(text))
    section.save(update_fields=["snapshot", "snapshot_version", "words"])
    # Not here: this holds the section's row, and whoever writes in it waits.
    jobs.enqueue(
        "section.anchors",
        key=f"anchors:{section.pk}:{version}",
        payload={"section": str(section.pk)},
        scope=section.brief_id,
    )
    checking.ask(section.brief_id, about=f"{section.pk}:{version}")
    return {"written": True, "version": version}


def advance_anchors(running: Running) -> dict[str, Any]:
    """Store where the section's comments stand. Idempotent: those that are up to date are left alone."""
    section = Section.every.filter(pk=running.payload["section"]).first()
    return {"advanced": anchors.advance(section) if section else 0}


def check(running: Running) -> dict[str, Any]:
    """Read what changed in a brief since it was checked last. Idempotent."""
    brief = Brief.objects.filter(pk=running.payload["brief"]).first()
    return {"read": checking.run(brief) if brief else 0}

"""What the pages of the authors' Word files show."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brief.export_jobs import shown
from brief.import_pages import NAMES
from brief.models import Brief, Export
from brief.models.exports import FileFormat, Suggestions
from brief.states import ExportState
from ledger import jobs
from ledger.models import Job

#: A version's number, or a named moment.
REFERENCE = re.compile(r"n?[0-9]{1,9}")
#: Files of late that the list shows.
MOST = 50
COUNTED = {**NAMES, "modifications": gettext_lazy("Changes of form")}


def wished(asked: Mapping[str, str]) -> dict[str, Any]:
    """What a link to the form has chosen already."""
    chosen = {name: asked[name] for name in ("version", "since") if REFERENCE.fullmatch(asked.get(name, ""))}
    if asked.get("format") in FileFormat.values:
        chosen["format"] = asked["format"]
    return {"suggestions": Suggestions.TRACKED, "comments": True, **chosen}


def rows(brief: Brief) -> list[dict[str, Any]]:
    found = Export.objects.filter(brief=brief).select_related("version", "since", "point", "since_point", "by")
    found = found.defer("report", "point__sections", "since_point__sections")[:MOST]
    return [{"export": each, "title": shown(each)} for each in found]


def page(export: Export) -> dict[str, Any]:
    """Title, and as it stands: the task, or what is in the file and what could not be."""
    context: dict[str, Any] = {"title": shown(export)}
    if export.status == ExportState.MAKING:
        context["task"] = task(export)
    if export.status == ExportState.READY:
        context |= _report(export)
    return context


def task(export: Export) -> dict[str, Any]:
    job = Job.objects.filter(key=f"draft.export:{export.pk}").first()
    told = jobs.progress(job) if job else {"percent": 0, "note": "", "state": "failed"}
    url = reverse("brief:export_progress", args=[export.brief_id, export.pk])
    return {
        **told,
        "title": _("Setting the PDF") if export.format == FileFormat.PDF else _("Writing the Word file"),
        "sentence": job.sentence if job else "",
        "url": url,
    }


def _report(export: Export) -> dict[str, Any]:
    told = json.loads(export.report)
    titles = {str(pk): title for pk, title in export.brief.sections.values_list("pk", "title")}
    moved = [{"section": titles.get(each["section"], ""), "excerpt": each["body"]} for each in told["moved"]]
    lost = [{"section": each["section"], "excerpt": each["excerpt"]} for each in told["lost"]]
    lines = [
        (_("Suggestions that Word has no form for; the text stands as suggested"), lost),
        (_("Comments whose words are gone; they stand on their section's title"), moved),
    ]
    return {
        "counts": [{"name": COUNTED[name], "kept": number} for name, number in told["counts"].items() if number],
        "groups": [{"title": _("For you to look at"), "lines": [{"sentence": s, "places": p} for s, p in lines if p]}]
        if lost or moved
        else [],
    }

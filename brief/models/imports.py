"""A draft on its way into a brief: uploaded, read, looked at, taken or put away."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from brief.models.briefs import Brief
from brief.states import ImportState


def draft_path(draft: ImportDraft, filename: str) -> str:
    """A random name in private storage: the name given by its author is kept beside it only."""
    return f"imports/{uuid.uuid4().hex}"


class ImportDraft(models.Model):
    """One upload. ``reading`` is the draft as read (``document.importing.Reading``), ``outline`` what
    the person has made of the proposal, ``report`` what was found and kept; all three JSON text.
    The file and the reading go when it is taken or discarded; the report stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="imports")
    file = models.FileField(upload_to=draft_path, max_length=200, blank=True)
    name = models.CharField(max_length=130)
    status = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READING)
    reading = models.TextField(blank=True)
    outline = models.TextField(blank=True)
    report = models.TextField(blank=True)
    #: Why it was refused, for a person.
    sentence = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]

    def __str__(self) -> str:
        return self.name

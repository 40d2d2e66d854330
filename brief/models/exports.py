"""A draft on its way out: a Word file for the authors, made by a worker and kept for a while."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brief.models.briefs import Brief
from brief.models.history import NamedPoint
from brief.models.versions import Version
from brief.states import ExportState


def export_path(export: Export, filename: str) -> str:
    """A random name in private storage."""
    return f"exports/{uuid.uuid4().hex}"


class Suggestions(models.TextChoices):
    """What becomes of suggestions in the file."""

    TRACKED = "tracked", _("as tracked changes")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("left out")


class FileFormat(models.TextChoices):
    """What the file is made for: writing on in Word, or reading and printing."""

    WORD = "docx", _("Word")
    PDF = "pdf", _("PDF")


class Export(models.Model):
    """One file. Without ``version`` and ``point`` it is the text of the day; with a ``since`` a redline from there on.

    ``report`` is JSON: what went into the file, and what could not. ``name`` is the file's on the reader's side.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="exports")
    version = models.ForeignKey(Version, null=True, on_delete=models.CASCADE, related_name="+")
    since = models.ForeignKey(Version, null=True, on_delete=models.CASCADE, related_name="+")
    #: A named moment in place of a version.
    point = models.ForeignKey(NamedPoint, null=True, on_delete=models.CASCADE, related_name="+")
    since_point = models.ForeignKey(NamedPoint, null=True, on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=4, choices=FileFormat.choices, default=FileFormat.WORD)
    comments = models.BooleanField(default=True)
    suggestions = models.CharField(max_length=10, choices=Suggestions.choices, default=Suggestions.TRACKED)
    status = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.MAKING)
    file = models.FileField(upload_to=export_path, max_length=200, blank=True)
    name = models.CharField(max_length=130, blank=True)
    size = models.PositiveIntegerField(default=0)
    report = models.TextField(blank=True)
    #: Why it could not be made, for a person.
    sentence = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="ready", file__gt="") | (~Q(status="ready") & Q(file="")),
                name="brief_export_file_iff_ready",
            ),
            models.CheckConstraint(
                condition=(Q(version=None) | Q(point=None)) & (Q(since=None) | Q(since_point=None)),
                name="brief_export_one_text",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)

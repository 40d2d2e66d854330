"""What a brief's text refers to: sources and figures."""

from __future__ import annotations

import uuid
from typing import ClassVar

import reversion
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brief.models.briefs import Brief
from brief.states import Distance, ImportState, Reliability


@reversion.register()
class Source(models.Model):
    """A bibliographic record. ``csl`` is a CSL-JSON item; ``key`` is what citations carry."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="sources")
    key = models.SlugField(max_length=40)
    csl = models.JSONField()
    url = models.URLField(_("address"), max_length=1000, blank=True)
    #: Kept apart from the address and percent-encoded as it came (S0-7).
    text_directive = models.TextField(_("text directive"), blank=True)
    #: The words of the source that the brief rests on.
    quoted_text = models.TextField(_("quoted text"), blank=True)
    archive_url = models.URLField(_("archive link"), max_length=1000, blank=True)
    reliability = models.CharField(_("reliability"), max_length=8, choices=Reliability.choices, blank=True)
    distance = models.CharField(_("primary or secondary"), max_length=9, choices=Distance.choices, blank=True)
    #: What the source gains from what it says (S2-7).
    interest = models.CharField(_("declared interest"), max_length=500, blank=True)
    #: Supplied to readers who ask; outside the brief's people its address is not shown (S0-12).
    unpublished = models.BooleanField(_("unpublished, available on request"), default=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["brief", "key"], name="brief_source_key_once")]

    def __str__(self) -> str:
        return self.key


class SourceBatch(models.Model):
    """Sources pasted or uploaded, as they were understood, until somebody takes them into the library.

    ``text`` is what came; ``reading`` (JSON text) is ``document.bibliography.Reading``, written at once for a
    paste and by a worker for a long file. Both go when the batch is taken or put away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="source_batches")
    name = models.CharField(max_length=130, blank=True)
    status = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READING)
    text = models.TextField(blank=True)
    reading = models.TextField(blank=True)
    #: Why it was refused, for a person.
    sentence = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]

    def __str__(self) -> str:
        return self.name or str(self.pk)


def figure_path(figure: Figure, filename: str) -> str:
    """A random name: nothing about a file can be guessed from another."""
    extension = {"image/png": "png", "image/jpeg": "jpg"}[figure.media_type]
    return f"figures/{uuid.uuid4().hex}.{extension}"


@reversion.register()
class Figure(models.Model):
    """An image, re-encoded without its metadata (TRUST 11)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="figures")
    file = models.FileField(upload_to=figure_path, max_length=200)
    media_type = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    credit = models.CharField(_("credit"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["added_at"]

    def __str__(self) -> str:
        return str(self.pk)

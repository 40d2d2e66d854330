"""What a brief's text refers to: sources and figures."""

from __future__ import annotations

import uuid
from typing import ClassVar

import reversion
from django.db import models
from django.utils.translation import gettext_lazy as _

from brief.models.briefs import Brief


@reversion.register()
class Source(models.Model):
    """A bibliographic record. ``csl`` is a CSL-JSON item; ``key`` is what citations carry."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="sources")
    key = models.SlugField(max_length=40)
    csl = models.JSONField()
    url = models.URLField(_("address"), max_length=1000, blank=True)
    #: Kept apart from the address and percent-encoded as it came (S0-7).
    text_directive = models.TextField(blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["brief", "key"], name="brief_source_key_once")]

    def __str__(self) -> str:
        return self.key


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

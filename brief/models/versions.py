"""Frozen, numbered snapshots: what reviewers see and what approvers sign is always one of these."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brief.models.briefs import Brief
from brief.models.sections import Section
from brief.states import OrderDraft


class Text(models.Model):
    """A text by its SHA-256: a version costs only what changed. Never altered."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Version(models.Model):
    """An immutable snapshot of the whole brief; a database trigger refuses changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    order_draft = models.CharField(max_length=10, choices=OrderDraft.choices)
    #: What people call it, given when it is frozen; no part of the content.
    name = models.CharField(_("name"), max_length=80, blank=True)
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=400, blank=True)
    #: SHA-256 of the canonical JSON of texts, titles, order, figures and sources (DECISIONS, Hashes).
    content_hash = models.CharField(max_length=64)
    #: Canonical JSON of sources (key → CSL), figures (id → SHA-256 and kind), claims, words, style, language.
    apparatus = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["brief", "number"], name="brief_version_number_once")]

    def __str__(self) -> str:
        return f"version {self.number}"


class VersionSection(models.Model):
    """A section as frozen: its text, its place, the number of its first paragraph and the rule."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="sections")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="frozen")
    #: The section's step count when frozen: anchors are mapped on from here.
    section_version = models.PositiveIntegerField()
    order = models.PositiveIntegerField()
    depth = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=300)
    content_notice = models.CharField(max_length=500, blank=True)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    first_number = models.PositiveIntegerField()
    numbering_rule = models.PositiveSmallIntegerField()
    words = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["version", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "section"], name="brief_version_section_once"),
            models.UniqueConstraint(fields=["version", "order"], name="brief_version_order_once"),
        ]

    def __str__(self) -> str:
        return self.title

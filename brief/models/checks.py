"""What the checks found in a section, what people set aside of it, and the sensitivity checklist."""

from __future__ import annotations

from typing import ClassVar

import reversion
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brief.models.briefs import Brief
from brief.models.sections import Section
from brief.states import SensitivityAnswer, SensitivityQuestion


class SectionCheck(models.Model):
    """What the checks read in one section at one version; made anew by a job, never by a page.

    ``reading`` is JSON text (``document.checks.Reading``); ``stamp`` says by which records of the brief it was made.
    """

    section = models.OneToOneField(Section, primary_key=True, on_delete=models.CASCADE, related_name="checked")
    version = models.PositiveIntegerField()
    stamp = models.CharField(max_length=64)
    reading = models.TextField()
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"checks of {self.section_id} v{self.version}"


@reversion.register()
class SetAside(models.Model):
    """A finding that people have looked at and let stand, with their reason; kept when it is taken up again."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="set_aside")
    #: What it was about: ``document.checks.Finding.mark``.
    mark = models.CharField(max_length=64)
    code = models.CharField(max_length=40)
    words = models.CharField(max_length=300, blank=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brief", "mark"], condition=Q(ended_at__isnull=True), name="brief_set_aside_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="brief_set_aside_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.reason[:60]}"


@reversion.register()
class Sensitivity(models.Model):
    """One answer of a section's sensitivity checklist (S2-8, S3-4, S0-11), and the version it was given for."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="sensitivity")
    question = models.CharField(max_length=20, choices=SensitivityQuestion.choices)
    answer = models.CharField(_("answer"), max_length=10, choices=SensitivityAnswer.choices)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["section", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "question"], name="brief_sensitivity_answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"

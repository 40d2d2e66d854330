"""What makes a section's past readable: texts kept now and then, and moments that somebody gave a name."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brief.models.briefs import Brief
from brief.models.sections import Section
from brief.models.versions import Text


class Moment(models.Model):
    """The text of a section after so many steps, kept so that the past is read from near by, not from the beginning.

    The first of a section is the text it began with, which no step has.
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="moments")
    version = models.PositiveIntegerField()
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["section", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "version"], name="brief_moment_one_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.section_id} v{self.version}"


class NamedPoint(models.Model):
    """A moment of the draft to which an author gave a name. It costs a row: the texts are found by replaying.

    ``sections`` is the outline of that moment: ``[{"id", "version", "title", "depth", "notice", "language"}]``.
    """

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="named_points")
    name = models.CharField(_("name"), max_length=80)
    title = models.CharField(max_length=300)
    sections = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["brief", "name"], name="brief_named_point_name_once")]

    def __str__(self) -> str:
        return self.name

"""When a release becomes public, and the event around it."""

from __future__ import annotations

from typing import ClassVar

import reversion
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brief.models import Brief
from release.models.releases import Release


@reversion.register()
class Embargo(models.Model):
    """A wall-clock time in a zone, and the instant it means. A hold stops it.

    ``wall_time`` is ``2026-03-12T10:00`` as the press officer said it: local time, so no aware type.
    """

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="embargo", primary_key=True)
    wall_time = models.CharField(_("date and time"), max_length=16)
    zone = models.CharField(_("time zone"), max_length=60)
    #: 1 for the second of two equal wall-clock times, when clocks go back.
    fold = models.PositiveSmallIntegerField(default=0)
    instant = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now=True)
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    hold_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, held_by__isnull=True, hold_reason="")
                | (Q(held_at__isnull=False, held_by__isnull=False) & ~Q(hold_reason="")),
                name="release_hold_has_name_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(wall_time__regex=r"^\d{4}-\d\d-\d\dT\d\d:\d\d$"), name="release_embargo_wall_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["instant"])]

    def __str__(self) -> str:
        return f"{self.wall_time} {self.zone}"


@reversion.register()
class LaunchEvent(models.Model):
    """The launch: where people meet, and its public page.

    Until the brief is public the page does not exist, unless ``announced``; then it shows what is
    written here and a countdown, and nothing of the brief.
    """

    brief = models.OneToOneField(Brief, on_delete=models.PROTECT, related_name="launch_event")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    place = models.CharField(_("place"), max_length=300, blank=True)
    starts_wall_time = models.CharField(_("begins"), max_length=16, blank=True)
    ends_wall_time = models.CharField(_("ends"), max_length=16, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    description = models.TextField(_("what it is about"), blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    speakers = models.TextField(_("speakers"), blank=True)
    contact = models.EmailField(_("contact"), blank=True)
    link = models.URLField(_("registration or stream"), blank=True)
    announced = models.BooleanField(_("announce before the embargo ends"), default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | ~Q(starts_wall_time=""), name="release_event_start_has_wall_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="release_event_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title

"""A brief, its publishers, its people and what it is for."""

from __future__ import annotations

import uuid
from typing import ClassVar

import reversion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Sector
from brief.states import BriefState, OrderDraft, RoleName, Stake


@reversion.register()
class Brief(models.Model):
    """The publication, owned by two or more co-equal organisations, never by one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=300)
    subtitle = models.CharField(_("subtitle"), max_length=400, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    language = models.CharField(_("language"), max_length=20, default="en-GB")
    citation_style = models.CharField(_("citation style"), max_length=80, default="chicago-author-date")
    audiences = models.TextField(_("audiences"), blank=True)
    #: What the brief is about and what it leaves out; how it changed is kept (S1-1).
    scope = models.TextField(_("scope"), blank=True)
    #: Sustainable Development Goals and targets: ``8``, ``8.7`` (S3-8).
    sdgs = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    launch_from = models.DateField(_("launch window opens"), null=True, blank=True)
    launch_to = models.DateField(_("launch window closes"), null=True, blank=True)
    order_draft = models.CharField(_("order draft"), max_length=10, choices=OrderDraft.choices, default=OrderDraft.ZERO)
    status = models.CharField(max_length=12, choices=BriefState.choices, default=BriefState.DRAFTING)
    organisations = models.ManyToManyField(Organisation, through="Publisher", related_name="briefs")
    # The imprint; gates say when a text may not be empty.
    isbn = models.CharField("ISBN", max_length=20, blank=True)
    copyright = models.CharField(_("copyright line"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    licence_url = models.URLField(_("licence address"), blank=True)
    disclaimer = models.TextField(_("disclaimer"), blank=True)
    contact = models.EmailField(_("functional mailbox"), blank=True)
    acknowledgements = models.TextField(_("acknowledgements"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(launch_from__isnull=True, launch_to__isnull=True)
                | Q(launch_from__isnull=False, launch_to__gte=F("launch_from")),
                name="brief_launch_window_opens_before_it_closes",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Publisher(models.Model):
    """An organisation that co-publishes a brief, in the agreed order."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="publishers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["brief", "organisation"], name="brief_publisher_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} publishes {self.brief_id}"


class Role(models.Model):
    """A role that a person holds on one brief, for one organisation."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=16, choices=RoleName.choices)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brief", "user", "role"], name="brief_role_once"),
            models.UniqueConstraint(
                fields=["brief", "organisation"],
                condition=Q(role="approver"),
                name="brief_one_approver_per_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.brief_id}"


@reversion.register()
class Objective(models.Model):
    """What the brief is for; sections must cover each (S0-2)."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="objectives")
    order = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(_("objective"))
    sections = models.ManyToManyField("brief.Section", related_name="objectives", blank=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.text[:80]


@reversion.register()
class Stakeholder(models.Model):
    """Somebody the brief is for, about or with, by sector (S0-6, S3-6). Groups and institutions, not persons."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="stakeholders")
    name = models.CharField(_("who"), max_length=200)
    sector = models.CharField(_("sector"), max_length=16, choices=Sector.choices)
    stake = models.CharField(_("what they are to the brief"), max_length=12, choices=Stake.choices)

    class Meta:
        ordering: ClassVar = ["stake", "sector", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brief", "name", "stake"], name="brief_stakeholder_once")
        ]

    def __str__(self) -> str:
        return self.name

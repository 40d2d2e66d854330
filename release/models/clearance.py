"""Gates, waivers and sign-offs: what stands between a candidate and the public."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from release.models.releases import Release
from release.states import Decision, GateState


class GateResult(models.Model):
    """What one gate found when it was last checked. ``spots`` lists ``{"label", "url"}`` to go to."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="gates")
    gate = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=GateState.choices)
    detail = models.TextField(blank=True)
    spots = models.JSONField(default=list)
    checked_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["release", "order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["release", "gate"], name="release_gate_once")]

    def __str__(self) -> str:
        return f"{self.gate}: {self.state}"


class Waiver(models.Model):
    """Somebody lets a blocked gate pass, with name and reason. Never altered."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="waivers")
    gate = models.SlugField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "gate"], name="release_waiver_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="release_waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.gate} waived"


class SignOff(models.Model):
    """An organisation's answer to one manifest. Live until ``voided_at``; nothing else ever changes.

    Database triggers refuse a signature on another hash than the release's manifest, and a change
    of the manifest while a signature lives.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="sign_offs")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    manifest_sha256 = models.CharField(max_length=64)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    reason = models.TextField(_("reason"), blank=True)
    #: How the second factor was shown: "totp" or "passkey"; empty for a return.
    factor = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True)
    voided_because = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "organisation"],
                condition=Q(voided_at__isnull=True),
                name="release_sign_off_one_live_per_organisation",
            ),
            models.CheckConstraint(
                condition=(Q(decision="signed") & ~Q(factor="")) | (Q(decision="returned") & ~Q(reason="")),
                name="release_sign_off_has_a_factor_or_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_because="")
                | (Q(voided_at__isnull=False) & ~Q(voided_because="")),
                name="release_sign_off_voided_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.decision}"

"""Claims: checkable statements of the text, as the claims register knows them."""

from __future__ import annotations

import uuid
from typing import ClassVar

import reversion
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brief.models.briefs import Brief
from brief.models.sources import Source
from brief.states import Grade


@reversion.register()
class PartWhole(models.Model):
    """Claims that are parts of one whole, such as shares of 100 %: they must add up to it (S4-1)."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="wholes")
    name = models.CharField(_("what is divided"), max_length=200)
    whole = models.DecimalField(_("the whole"), max_digits=24, decimal_places=6, default=100)
    unit = models.CharField(_("unit"), max_length=60, blank=True, default="%")
    #: How far the sum may be off, for rounded shares.
    tolerance = models.DecimalField(_("may be off by"), max_digits=24, decimal_places=6, default=0)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(tolerance__gte=0), name="brief_part_whole_tolerance_not_negative")
        ]

    def __str__(self) -> str:
        return self.name


@reversion.register()
class Claim(models.Model):
    """One claim. Its id is what the ``claim`` mark of the text carries; one claim may be marked in many places.

    ``value`` alone is a value, with ``value_to`` a range (S4-6). Everything but the statement may be missing while
    one writes: the checks say what is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="claims")
    #: The words as they were when it was registered.
    statement = models.TextField(_("statement"))
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True, blank=True)
    value_to = models.DecimalField(_("to"), max_digits=24, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    indicator = models.CharField(_("indicator"), max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(_("reference year"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims")
    locator = models.CharField(_("page or part"), max_length=300, blank=True)
    grade = models.CharField(_("evidence grade"), max_length=12, choices=Grade.choices, blank=True)
    causal = models.BooleanField(_("says that one thing causes another"), default=False)
    stale_after = models.DateField(_("stale after"), null=True, blank=True)
    superseded_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="older")
    part_of = models.ForeignKey(PartWhole, null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    note = models.TextField(_("note for the authors"), blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["added_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(value_to__isnull=True) | Q(value__isnull=False, value_to__gte=F("value")),
                name="brief_claim_range_in_order",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")),
                name="brief_claim_not_superseded_by_itself",
            ),
            models.CheckConstraint(condition=~Q(statement=""), name="brief_claim_says_something"),
        ]

    def __str__(self) -> str:
        return self.statement[:80]


@reversion.register()
class Contradiction(models.Model):
    """Two claims that contradict one another, and how the authors dealt with it (S3-1)."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="contradictions")
    other = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="contradicted_by")
    #: Why both may stand, or which holds. Without it the contradiction is open.
    resolution = models.TextField(_("how this is resolved"), blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "other"], name="brief_contradiction_once"),
            # One row for a pair, whichever way it is looked at.
            models.CheckConstraint(condition=Q(claim__lt=F("other")), name="brief_contradiction_of_two_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} contradicts {self.other_id}"

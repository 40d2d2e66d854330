"""What became of a comment: an author proposes, the review editor confirms."""

from __future__ import annotations

from typing import ClassVar

import reversion
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brief.models import Section
from review.models.threads import ReviewThread
from review.states import WITHOUT_REASON, DispositionState, Outcome


@reversion.register(exclude=("response", "return_reason"))
class Disposition(models.Model):
    """The answer to one thread. The response is mandatory except for plain *accepted*."""

    thread = models.OneToOneField(ReviewThread, on_delete=models.CASCADE, related_name="disposition", primary_key=True)
    outcome = models.CharField(_("disposition"), max_length=10, choices=Outcome.choices)
    response = models.TextField(_("author response"), blank=True)
    status = models.CharField(max_length=10, choices=DispositionState.choices, default=DispositionState.PROPOSED)
    duplicate_of = models.ForeignKey(
        ReviewThread, null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates"
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)
    #: Where the proposed change went into the text: the section's version after the step.
    applied_section = models.ForeignKey(Section, null=True, on_delete=models.SET_NULL, related_name="+")
    applied_version = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=sorted(WITHOUT_REASON)) | ~Q(response=""),
                name="review_disposition_gives_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="duplicate", duplicate_of__isnull=False)
                | (~Q(outcome="duplicate") & Q(duplicate_of__isnull=True)),
                name="review_disposition_names_what_it_doubles",
            ),
            models.CheckConstraint(
                condition=Q(status="confirmed", confirmed_at__isnull=False)
                | (~Q(status="confirmed") & Q(confirmed_at__isnull=True)),
                name="review_disposition_confirmed_iff_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("thread")),
                name="review_disposition_is_not_its_own_double",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} ({self.status})"

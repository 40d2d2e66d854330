"""What a round adds to a thread."""

from __future__ import annotations

from typing import ClassVar

import reversion
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brief.models import Thread
from review.models.invitations import Invitation
from review.models.rounds import Round
from review.states import CommentType, Severity


@reversion.register(exclude=("proposed_change", "note_to_editor"))
class ReviewThread(models.Model):
    """A reviewer's comment. Its words are the thread's first ``Comment``; later ones are replies.

    A draft has no number and nobody else sees it. ``number`` counts within one reviewer, so that it
    tells nothing about the others. ``handed_at`` is when the authors may first see it.
    """

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="review", primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="threads")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="threads")
    number = models.PositiveIntegerField(null=True)
    draft = models.BooleanField(default=True)
    late = models.BooleanField(default=False)
    type = models.CharField(_("type"), max_length=10, choices=CommentType.choices, default=CommentType.TECHNICAL)
    severity = models.CharField(_("severity"), max_length=14, choices=Severity.choices, default=Severity.SUBSTANTIVE)
    safeguarding = models.BooleanField(_("safeguarding"), default=False)
    proposed_change = models.TextField(_("proposed change"), blank=True)
    note_to_editor = models.TextField(_("note to the review editor"), blank=True)
    #: Number of the paragraph in the round's version; null for headings, tables and the whole.
    paragraph = models.PositiveIntegerField(null=True)
    handed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["round", "thread__section__order", "paragraph", "thread_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invitation", "number"], name="review_thread_number_once"),
            models.CheckConstraint(
                condition=Q(draft=True, number__isnull=True, handed_at__isnull=True)
                | Q(draft=False, number__isnull=False),
                name="review_thread_numbered_iff_not_draft",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(safeguarding=True),
                name="review_thread_only_safeguarding_is_cleared",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """``K-7``: unique in the round."""
        return f"{self.invitation.code}-{self.number}" if self.number else self.invitation.code

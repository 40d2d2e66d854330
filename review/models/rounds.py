"""One pass of review of one version, under a charge."""

from __future__ import annotations

import uuid
from typing import ClassVar

import reversion
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brief.models import Brief, Section, Version
from review.states import AfterPublication, AuthorsSee, Naming, PeersSee, QuestionKind, RoundState, UndertakingKind


class Undertaking(models.Model):
    """A text that reviewers put their name to. Numbered; a given text is never altered."""

    kind = models.CharField(max_length=20, choices=UndertakingKind.choices)
    number = models.PositiveIntegerField()
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["kind", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="review_undertaking_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


@reversion.register(exclude=("introduction",))
class Round(models.Model):
    """A round. ``deadline`` is computed from the wall-clock time and its zone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="rounds")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    #: What mails and the landing page may say of the brief: neutral words instead of its title.
    topic = models.CharField(_("topic"), max_length=200)
    introduction = models.TextField(_("introduction to the charge"), blank=True)
    status = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.DRAFT)
    deadline_date = models.DateField(_("deadline: day"))
    deadline_time = models.TimeField(_("deadline: time"))
    deadline_zone = models.CharField(_("deadline: time zone"), max_length=60)
    deadline = models.DateTimeField()
    accepts_late = models.BooleanField(_("stay open after the deadline"), default=True)
    # The identity policy, on its four axes.
    authors_see = models.CharField(
        _("authors see reviewers as"), max_length=10, choices=AuthorsSee.choices, default=AuthorsSee.CODES
    )
    peers_see = models.CharField(
        _("reviewers see one another's comments"),
        max_length=12,
        choices=PeersSee.choices,
        default=PeersSee.AFTER_CLOSE,
    )
    attribution = models.CharField(
        _("reviewers are named in the publication at most"),
        max_length=12,
        choices=Naming.choices,
        default=Naming.NAMED,
    )
    after_publication = models.CharField(
        _("after publication"),
        max_length=10,
        choices=AfterPublication.choices,
        default=AfterPublication.CLOSED,
    )
    interests_text = models.ForeignKey(Undertaking, on_delete=models.PROTECT, related_name="+")
    confidentiality_text = models.ForeignKey(Undertaking, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["brief", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brief", "number"], name="review_round_number_once"),
            models.CheckConstraint(
                condition=Q(status="draft", opened_at__isnull=True) | (~Q(status="draft") & Q(opened_at__isnull=False)),
                name="review_round_opened_iff_not_draft",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="review_round_closed_at_iff_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status == RoundState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.status == RoundState.CLOSED

    @property
    def is_past_deadline(self) -> bool:
        return timezone.now() > self.deadline


@reversion.register(exclude=("text",))
class ChargeQuestion(models.Model):
    """A question put to reviewers, about the whole or beside one section."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    text = models.TextField(_("question"))
    kind = models.CharField(_("answered"), max_length=10, choices=QuestionKind.choices, default=QuestionKind.SCALE)
    section = models.ForeignKey(
        Section, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("section")
    )

    class Meta:
        ordering: ClassVar = ["round", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "order"], name="review_question_order_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return f"question {self.order}"

"""Who was asked, what they declared, and what they keep for themselves while reading."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Sector
from brief.models import Section
from review.models.rounds import ChargeQuestion, Round, Undertaking
from review.states import (
    FINISHED,
    READING,
    WORKING,
    WRITING,
    AnswerValue,
    Capacity,
    InvitationState,
    Naming,
)

#: States in which somebody has said yes: an account is bound.
BOUND = ("accepted", "declared", "reviewing", "submitted", "acknowledged")


class Invitation(models.Model):
    """One person asked to review in one round. Not registered with reversion: it holds an identity.

    ``code`` is the pseudonym's letter, drawn at random: it says nothing about the order of asking.
    Only the hash of the link's secret is kept; declining empties ``email`` and ``name``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    code = models.CharField(max_length=3)
    status = models.CharField(max_length=14, choices=InvitationState.choices, default=InvitationState.DRAFT)
    capacity = models.CharField(_("capacity"), max_length=14, choices=Capacity.choices, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    secret_expires_at = models.DateTimeField(null=True)
    #: When the link was used, to accept or to decline.
    used_at = models.DateTimeField(null=True)
    #: How many mails were asked for; each makes the earlier links void.
    sendings = models.PositiveSmallIntegerField(default=0)
    invited_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    #: This reviewer's own, later deadline.
    extended_to = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["round", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "email"], condition=~Q(email=""), name="review_invitation_address_once"
            ),
            models.UniqueConstraint(fields=["round", "code"], name="review_invitation_code_once"),
            models.UniqueConstraint(
                fields=["secret_hash"], condition=~Q(secret_hash=""), name="review_invitation_secret_once"
            ),
            models.CheckConstraint(
                condition=Q(secret_hash="", secret_expires_at__isnull=True)
                | (~Q(secret_hash="") & Q(secret_expires_at__isnull=False)),
                name="review_invitation_secret_expires",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=BOUND) | Q(user__isnull=False), name="review_invitation_bound_to_an_account"
            ),
            models.CheckConstraint(
                condition=Q(status="declined", email="", name="", user__isnull=True)
                | (~Q(status="declined") & ~Q(email="")),
                name="review_invitation_declined_leaves_no_trace",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.code}"

    @property
    def pseudonym(self) -> str:
        return gettext("Reviewer %(code)s") % {"code": self.code}

    @property
    def deadline(self) -> datetime:
        return self.extended_to or self.round.deadline

    @property
    def is_overdue(self) -> bool:
        """Computed, never stored: still at it after the deadline."""
        return self.status in WORKING and timezone.now() > self.deadline

    @property
    def may_read(self) -> bool:
        return self.status in READING

    @property
    def may_write(self) -> bool:
        return self.status in WRITING

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED


class Declaration(models.Model):
    """What a reviewer declared before any text was shown, and under which texts."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="declaration")
    interests_text = models.ForeignKey(Undertaking, on_delete=models.PROTECT, related_name="+")
    confidentiality_text = models.ForeignKey(Undertaking, on_delete=models.PROTECT, related_name="+")
    has_interests = models.BooleanField(_("interests to declare"))
    interests = models.TextField(_("interests"), blank=True)
    naming = models.CharField(_("how to be named"), max_length=12, choices=Naming.choices, default=Naming.NONE)
    #: “Could it put you or others at risk if it became known that you reviewed this?”
    at_risk = models.BooleanField(_("at risk"))
    risk_note = models.TextField(_("what the review editor should know"), blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(has_interests=False, interests="") | (Q(has_interests=True) & ~Q(interests="")),
                name="review_declaration_interests_told",
            ),
            models.CheckConstraint(
                condition=Q(at_risk=False) | Q(naming="none"), name="review_declaration_at_risk_is_never_named"
            ),
        ]

    def __str__(self) -> str:
        return f"declaration of {self.invitation_id}"


class ReadingMark(models.Model):
    """“I have read this section”: the reviewer's own, and in no one else's figures."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="marks")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["invitation", "section"], name="review_mark_once")]

    def __str__(self) -> str:
        return f"{self.invitation_id} read {self.section_id}"


class ChargeAnswer(models.Model):
    """A reviewer's answer to one question of the charge."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(ChargeQuestion, on_delete=models.PROTECT, related_name="answers")
    value = models.CharField(_("answer"), max_length=10, choices=AnswerValue.choices, blank=True)
    text = models.TextField(_("remarks"), blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["invitation", "question"], name="review_answer_once")]

    def __str__(self) -> str:
        return f"answer to {self.question_id}"


class Receipt(models.Model):
    """What a reviewer handed over: a frozen copy, its SHA-256, and a number that tells nothing else."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="receipts")
    number = models.CharField(max_length=12, unique=True)
    #: Canonical JSON of comments and answers, as the receipt page and mail show them.
    copy = models.TextField()
    sha256 = models.CharField(max_length=64)
    comments = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return self.number

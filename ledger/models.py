"""The audit trail, the outbox and the record of mail."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from ledger.states import JobState, MailState


class Event(models.Model):
    """One thing that happened. Append-only: a database trigger refuses update and delete."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    #: The brief it belongs to, so that a brief's trail is one query.
    scope = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    #: Ids, states, hashes. Never personal data, secrets or text of a brief.
    data = models.JSONField(default=dict)
    #: Of the request that caused it (``ledger.once``); the machine's have none.
    key = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="ledger_event_once_a_request")
        ]
        indexes: ClassVar = [
            models.Index(fields=["scope", "-id"]),
            models.Index(fields=["subject_type", "subject_id", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"


class Job(models.Model):
    """A row of the outbox: what must happen after the commit it was written in (TRUST 5)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    #: Who asks twice for the same thing gets the same job.
    key = models.CharField(max_length=200, unique=True)
    queue = models.CharField(max_length=20, default="default")
    #: Ids only: a job reads the rest when it runs.
    payload = models.JSONField(default=dict)
    scope = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.DUE)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    #: How often a worker began it; what is not an attempt then killed its worker.
    starts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    error = models.TextField(blank=True)
    #: The sentence for the person who waits, when it failed for good.
    sentence = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=Q(state="due"), name="ledger_job_due")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="due", finished_at__isnull=True) | (~Q(state="due") & Q(finished_at__isnull=False)),
                name="ledger_job_finished_iff_not_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.state})"


class Mail(models.Model):
    """A mail that left, or could not. Bodies are kept only in the demonstration (DECISIONS, Mail)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="mail")
    name = models.CharField(max_length=60)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=MailState.choices)
    error = models.TextField(blank=True)
    at = models.DateTimeField(auto_now=True)
    demo_body = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class Hold(models.Model):
    """A legal hold on a brief or on a person: nothing of it goes by its age, and nobody is erased, until it is lifted.

    ``brief`` is an id, as in events: this floor knows no briefs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.UUIDField(null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-placed_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(brief__isnull=False, person__isnull=True) | Q(brief__isnull=True, person__isnull=False),
                name="ledger_hold_on_a_brief_or_a_person",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ledger_hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_because="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because="")),
                name="ledger_hold_lifted_by_name_and_reason",
            ),
            models.UniqueConstraint(
                fields=["brief"], condition=Q(lifted_at__isnull=True), name="ledger_hold_once_a_brief"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(lifted_at__isnull=True), name="ledger_hold_once_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.brief or self.person_id}"


class Period(models.Model):
    """How long one class of records is kept, where an administrator has changed it; None keeps it for ever."""

    record_class = models.CharField(max_length=40, primary_key=True)
    days = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.record_class

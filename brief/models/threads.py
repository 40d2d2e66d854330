"""Threads of comments, and where in the text they hang."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from brief.models.briefs import Brief
from brief.models.sections import Section
from brief.models.versions import Version
from brief.states import AnchorState, Circle


class AuthorsThreads(models.Manager["Thread"]):
    """Only what the authors say among themselves; rounds ask for their own (DECISIONS, Threads)."""

    def get_queryset(self) -> models.QuerySet[Thread]:
        return super().get_queryset().filter(circle=Circle.AUTHORS)


class Thread(models.Model):
    """A conversation of one circle about one place. Threads are rows, so visibility is a query."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="+")
    circle = models.CharField(max_length=10, choices=Circle.choices, default=Circle.AUTHORS)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AuthorsThreads()
    every = models.Manager["Thread"]()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        base_manager_name = "every"
        indexes: ClassVar = [
            models.Index(fields=["brief", "circle", "section"]),
            # The order in which the writing room shows them, so that a page of thousands is read without sorting.
            models.Index(
                "section",
                "circle",
                models.F("resolved_at").asc(nulls_first=True),
                "created_at",
                "id",
                name="brief_thread_as_shown",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Anchor(models.Model):
    """Version, section, block and text offsets (UTF-16), with the quotation and what stood around it.

    A null version means the living text at ``step``. ``mapped_*`` is where it stands after
    ``mapped_step`` steps of the section, advanced in batches.
    """

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="anchor", primary_key=True)
    version = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    block = models.CharField(max_length=40)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quotation = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    #: The section's version in which block, start and end hold.
    step = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=AnchorState.choices, default=AnchorState.EXACT)
    mapped_section = models.ForeignKey(Section, null=True, on_delete=models.SET_NULL, related_name="+")
    mapped_block = models.CharField(max_length=40, blank=True)
    mapped_start = models.PositiveIntegerField(default=0)
    mapped_end = models.PositiveIntegerField(default=0)
    mapped_step = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(start__lte=models.F("end")), name="brief_anchor_starts_before_it_ends")
        ]

    def __str__(self) -> str:
        return f"{self.block}[{self.start}:{self.end}]"


class Comment(models.Model):
    """One utterance in a thread. ``author_name`` is what an imported file says of its author."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=120, blank=True)
    body = models.TextField()
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    #: Whether this reply was ticked off by itself in the Word file it came from; a thread has its own state.
    resolved = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["thread", "at"])]

    def __str__(self) -> str:
        return str(self.pk)


class Mention(models.Model):
    """Somebody is called into the authors' conversation; it waits on their desk until they answered or saw it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["comment", "user"], name="brief_mention_once")]
        indexes: ClassVar = [
            models.Index(fields=["user"], condition=Q(seen_at=None), name="brief_mention_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.comment_id}"

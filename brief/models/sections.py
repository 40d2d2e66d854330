"""A section's living text: a snapshot, and every step since."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import reversion
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brief.models.briefs import Brief
from brief.states import Decision, Right, SectionKind, SectionState

#: BCP 47, as the language marks of the text (editor/schema.ts).
LANGUAGE_TAG = RegexValidator(
    r"\A[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z", _("Use a language code such as fr, ru or sr-Latn."), code="language"
)

#: How deep sections nest: a section, within it, within that (docs/decisions, *Nested sections*).
DEEPEST = 2
#: The text of a section in which nothing has been written.
EMPTY = '{"type":"doc","content":[{"type":"paragraph","attrs":{"id":"begin0000000"}}]}'


class OnlySections(models.Manager["Section"]):
    """What the brief consists of; the concept note is not among it."""

    def get_queryset(self) -> models.QuerySet[Section]:
        return super().get_queryset().filter(kind=SectionKind.SECTION)


@reversion.register(exclude=("snapshot", "snapshot_version", "version", "words", "working_by", "working_until"))
class Section(models.Model):
    """One section. ``version`` counts steps; ``snapshot`` is the text at ``snapshot_version``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=12, choices=SectionKind.choices, default=SectionKind.SECTION)
    order = models.PositiveIntegerField(default=0)
    #: Within how many sections it stands: those that come before it in the outline and are less deep.
    depth = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("title"), max_length=300)
    status = models.CharField(max_length=10, choices=SectionState.choices, default=SectionState.EMPTY)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    target_words = models.PositiveIntegerField(_("target words"), default=0)
    content_notice = models.CharField(_("content notice"), max_length=500, blank=True)
    #: Empty: the brief's. Decides spelling, hyphens, direction, and the voice of a screen reader.
    language = models.CharField(_("language"), max_length=20, blank=True, validators=[LANGUAGE_TAG])
    #: What authors may do here who have no right of their own (``SectionRight``).
    authors_may = models.CharField(max_length=8, choices=Right.choices, default=Right.EDIT)
    #: Who said that they are at work here, until when. A courtesy: nobody is kept out by it.
    working_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    working_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    # Text, not jsonb: jsonb costs three times as much to write (ARCHITECTURE).
    snapshot = models.TextField(default=EMPTY)
    snapshot_version = models.PositiveIntegerField(default=0)
    words = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True, blank=True)

    #: Sections of the brief. Who forgets to choose gets these: the concept note goes nowhere by mistake.
    objects = OnlySections()
    #: Everything that is written in the writing room, the concept note with it.
    every = models.Manager["Section"]()

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brief"], condition=Q(kind="concept_note"), name="brief_section_one_concept_note"
            ),
            models.CheckConstraint(
                condition=Q(snapshot_version__lte=models.F("version")),
                name="brief_section_snapshot_not_ahead",
            ),
            models.CheckConstraint(condition=Q(depth__lte=DEEPEST), name="brief_section_not_too_deep"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def at_work(self) -> Any:
        """Who says that they are working here, as long as it holds; None otherwise."""
        return self.working_by if self.working_until and self.working_until > timezone.now() else None


class SectionRight(models.Model):
    """What one author may do with one section, where it is not what all authors may."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="rights")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    right = models.CharField(max_length=8, choices=Right.choices)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["section", "user"], name="brief_right_once")]

    def __str__(self) -> str:
        return f"{self.user_id} may {self.right} {self.section_id}"


class Step(models.Model):
    """One step as the engine re-serialised it, with its position map. Append-only."""

    # Looked for with its version or its key, each of which has an index that begins with it.
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="steps", db_index=False)
    #: The section's version after this step.
    version = models.PositiveIntegerField()
    client = models.CharField(max_length=40)
    #: The request's key: a retried request answers as the first time.
    key = models.CharField(max_length=40)
    step = models.TextField()
    maps = models.TextField()
    schema_version = models.PositiveSmallIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["section", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "version"], name="brief_step_one_per_version"),
        ]
        indexes: ClassVar = [models.Index(fields=["section", "key"])]

    def __str__(self) -> str:
        return f"{self.section_id} v{self.version}"


class Suggestion(models.Model):
    """Who suggested a change and when, and what became of it; the text carries only its id (DECISIONS, Suggestions).

    A row outlives the marks: who suggested words that stand in the text now is told from here.
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="suggestions")
    identifier = models.CharField(max_length=40)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    #: As an imported file names its author, who may have no account here.
    author_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    #: Empty as long as nobody has decided.
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: What it took out and put in, written down when it is decided: then the text no longer says.
    before = models.CharField(max_length=400, blank=True)
    after = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "identifier"], name="brief_suggestion_once"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None)
                | Q(decision__in=Decision.values, decided_at__isnull=False),
                name="brief_suggestion_decided_with_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["section", "-decided_at"],
                condition=Q(decided_at__isnull=False),
                name="brief_suggestion_decided",
            )
        ]

    def __str__(self) -> str:
        return self.identifier

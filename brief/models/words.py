"""What the brief has agreed about words: acronyms, preferred terms, definitions, quotations."""

from __future__ import annotations

from typing import ClassVar

import reversion
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brief.models.briefs import Brief
from brief.models.sources import Source
from brief.states import Attribution, Consent


@reversion.register()
class Acronym(models.Model):
    """A short form and what it stands for; what the text itself expands need not be here."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="acronyms")
    short = models.CharField(_("short form"), max_length=30)
    long = models.CharField(_("stands for"), max_length=300)
    #: Read by everybody without being written out, as "UN" may be.
    common = models.BooleanField(_("need not be written out in the text"), default=False)

    class Meta:
        ordering: ClassVar = ["short"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["brief", "short"], name="brief_acronym_once")]

    def __str__(self) -> str:
        return self.short


@reversion.register()
class PreferredTerm(models.Model):
    """Words to avoid, what to write instead, and why (S0-10)."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="preferred_terms")
    #: One wording on each line.
    avoid = models.TextField(_("avoid"))
    prefer = models.CharField(_("write instead"), max_length=200)
    reason = models.TextField(_("why"))

    class Meta:
        ordering: ClassVar = ["prefer", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="brief_preferred_term_has_a_reason")
        ]

    def __str__(self) -> str:
        return self.prefer


@reversion.register()
class Definition(models.Model):
    """A term of the glossary; definitions cite a source (S2-3)."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="definitions")
    term = models.CharField(_("term"), max_length=200)
    text = models.TextField(_("definition"))
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="definitions")
    locator = models.CharField(_("page or part"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["term", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["brief", "term"], name="brief_definition_once")]

    def __str__(self) -> str:
        return self.term


@reversion.register()
class Quotation(models.Model):
    """Words of a person: who said them, how they may be named, whether they agreed (S2-4, S4-3, S1-7)."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="quotations")
    words = models.TextField(_("words as they were said"))
    speaker = models.CharField(_("speaker"), max_length=200)
    capacity = models.CharField(_("capacity"), max_length=200, blank=True)
    attribution = models.CharField(
        _("may be attributed to"), max_length=12, choices=Attribution.choices, default=Attribution.NAMED
    )
    consent = models.CharField(_("consent"), max_length=12, choices=Consent.choices, default=Consent.ASKED)
    consent_on = models.DateField(_("given on"), null=True, blank=True)
    #: Held against the recording, the transcript or the published source.
    verified = models.BooleanField(_("checked against the recording, transcript or source"), default=False)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="quotations")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["added_at", "id"]

    def __str__(self) -> str:
        return self.words[:80]

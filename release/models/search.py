"""What the library's search finds: passages of editions that are public, in PostgreSQL's own full text."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from release.models.releases import Release


class Passage(models.Model):
    """A section of a public edition, or (``order`` 0) its title, subtitle and summary.

    Written once the edition is public and not before: nothing of an embargoed text is in this table,
    so that not even the time an answer takes tells of it. Everything here can be written again.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="passages")
    order = models.PositiveSmallIntegerField()
    title = models.TextField()
    body = models.TextField()
    #: Where it is, below the edition's address: ``#section-…`` or ``sections/…/``; empty for its beginning.
    place = models.CharField(max_length=60, blank=True)
    configuration = models.CharField(max_length=20)
    #: Title (weight A) and body (D): what is found.
    words = SearchVectorField()
    #: The title alone: small, so that the nearest of many hits are chosen fast.
    heading = SearchVectorField()

    class Meta:
        ordering: ClassVar = ["release", "order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["release", "order"], name="release_passage_once")]
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="release_passage_words", fastupdate=False),
            models.Index(fields=["configuration"], name="release_passage_language"),
        ]

    def __str__(self) -> str:
        return self.title

"""The one moment that all artefacts of a publication carry, so that they are the same bytes each time."""

from __future__ import annotations

from datetime import UTC, datetime, time

from document.publication import Publication


def moment(publication: Publication) -> datetime:
    """When the publication counts as made: its build, else its date, else 1980 (as ZIP begins). UTC."""
    if publication.built_at:
        return publication.built_at.astimezone(UTC)
    if publication.dated:
        return datetime.combine(publication.dated, time(), UTC)
    return datetime(1980, 1, 1, tzinfo=UTC)

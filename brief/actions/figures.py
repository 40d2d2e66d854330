"""Figures of a brief."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from brief.models import Brief, Figure
from brief.permissions import write
from brief.policies import check_open_to_edits
from document import images
from ledger.actions import Done, action
from ledger.refusals import NotNow


@action("figure.added")
def add_figure(
    *, actor: Any, brief: Brief, content: bytes, name: str = "", credit: str = "", licence: str = ""
) -> Done:
    """Keep an image, encoded anew without metadata; ``name`` (as uploaded) is not kept."""
    write(actor, brief)
    check_open_to_edits(brief)
    try:
        image = images.clean(content)
    except images.ImageRefused as refused:
        raise NotNow(str(refused), code="image") from refused
    figure = Figure(
        brief=brief,
        media_type=image.media_type,
        sha256=image.sha256,
        width=image.width,
        height=image.height,
        credit=credit[:500],
        licence=licence[:200],
    )
    figure.file.save("figure", ContentFile(image.content), save=False)
    figure.save()
    return Done(subject=figure, scope=brief.pk)

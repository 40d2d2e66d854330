"""Paragraph numbers of a frozen version, kept per process: a version never changes."""

from __future__ import annotations

import json
from functools import lru_cache
from uuid import UUID

from brief.models import Version, VersionSection
from document import tree
from document.numbering import counts


def paragraph_of(version: Version, section_id: UUID, block: str) -> int | None:
    """The number of the paragraph that holds ``block``; None for what has no number."""
    return numbers(version.pk, section_id).get(block) if block else None


@lru_cache(maxsize=256)
def numbers(version_id: UUID, section_id: UUID) -> dict[str, int]:
    """Block id → paragraph number, for every block inside a numbered one."""
    frozen = VersionSection.objects.select_related("text").filter(version=version_id, section=section_id).first()
    if frozen is None:
        return {}
    found: dict[str, int] = {}
    number = frozen.first_number - 1
    for top in tree.children(json.loads(frozen.text.body)):
        if counts(top):
            number += 1
            found |= {tree.block_id(node): number for node in tree.walk(top) if node["type"] not in tree.INLINE}
    return found

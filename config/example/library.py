"""The example's texts and sources, as files beside this module."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from config.example.notation import Names, SectionFile, identifier, read
from document.tree import Node

HERE = Path(__file__).resolve().parent


@cache
def sections() -> tuple[SectionFile, ...]:
    """Every section in order; a section's label is its file's name unless it says otherwise."""
    files = sorted((HERE / "texts").glob("*.txt"))
    return tuple(read(path.read_text(encoding="utf-8"), path.stem.partition("-")[2]) for path in files)


@cache
def sources() -> tuple[dict[str, Any], ...]:
    """CSL-JSON items; ``id`` is the key that the texts cite."""
    return tuple(json.loads((HERE / "sources.json").read_text(encoding="utf-8")))


@cache
def story() -> dict[str, Any]:
    """The words of everything around the text: title, objectives, charge, comments and answers."""
    found: dict[str, Any] = json.loads((HERE / "story.json").read_text(encoding="utf-8"))
    return found


@cache
def register() -> dict[str, Any]:
    """What the authors have registered and agreed: stakeholders, claims, words."""
    found: dict[str, Any] = json.loads((HERE / "register.json").read_text(encoding="utf-8"))
    return found


def names(section_ids: Mapping[str, str], figure_ids: Mapping[str, str]) -> Names:
    """Labels of sections resolve to their ids; every other label to its block's."""
    return Names(target=lambda label: section_ids.get(label) or identifier(label), asset=lambda name: figure_ids[name])


def documents(draft: int, given: Names) -> dict[str, Node]:
    """Section label → document of that draft, for the sections that stand in it."""
    return {each.label: each.document(draft, given) for each in sections() if each.first <= draft}

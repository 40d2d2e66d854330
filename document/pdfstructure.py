"""Walking the structure tree of a tagged PDF (ISO 32000-1, 14.7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary


def kids(element: Any) -> list[Any]:
    """What stands directly inside: structure elements, and numbers or references of marked content."""
    inside = element.get("/K")
    if inside is None:
        return []
    return list(inside) if isinstance(inside, Array) else [inside]


def elements(element: Any) -> Iterator[Any]:
    """All structure elements inside, in reading order."""
    for kid in kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)

"""What the programs of ``bench/abuse`` attack with: made from seeds, never downloaded."""

from __future__ import annotations

from random import Random


def seeded(words: str) -> Random:
    """The same numbers in every run, so that what was found is found again."""
    return Random(words)  # noqa: S311

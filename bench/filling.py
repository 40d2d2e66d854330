"""What `manage.py fill` makes, for programs: the work is in ``config/filling.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.filling import Filled

__all__ = ["fill"]


def fill(
    words: int = 5000, sections: int = 1, threads: int = 0, versions: int = 1, reviewers: int = 3, **more: Any
) -> Filled:
    """A new brief with its people; ``more`` are those of ``config.filling.fill`` (comments, released, people)."""
    # Here: Django is set up when the stack is.
    from config.filling import fill as made

    return made(words=words, sections=sections, threads=threads, versions=versions, reviewers=reviewers, **more)

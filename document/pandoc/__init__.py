"""pandoc's tree of a publication, and the e-book that pandoc makes of it in its sandbox."""

from __future__ import annotations

from document.pandoc.epub import epub

__all__ = ["epub"]

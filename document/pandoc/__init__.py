"""Word and e-book files by pandoc, which runs in its sandbox and is given a tree of our own making."""

from __future__ import annotations

from document.pandoc.docx import docx
from document.pandoc.epub import epub

__all__ = ["docx", "epub"]

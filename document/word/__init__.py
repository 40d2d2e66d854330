"""Word files, written by ourselves: pandoc writes neither replies nor tracked changes of form, and takes longer.

The text comes as pandoc's tree (``document.pandoc``), which Word files share with e-books.
"""

from __future__ import annotations

from document.assembly import Assembly, direction
from document.pandoc.whole import whole
from document.word import blocks
from document.word.book import Book
from document.word.comments import Remark, Talk
from document.word.draft import Drafted, Lost, Wrapping, draft
from document.word.package import package
from document.word.title import title_page

__all__ = ["Drafted", "Lost", "Remark", "Talk", "Wrapping", "docx", "draft"]


def docx(assembly: Assembly) -> bytes:
    """The publication for Word. Raises sandbox.SandboxError when our styles cannot be made."""
    tree = whole(assembly, "docx")
    book = Book(assembly.publication.figures, rtl=direction(assembly.publication.language) == "rtl")
    place = blocks.Place(book, rtl=book.rtl)
    body = blocks.write(title_page(tree["meta"]), place) + blocks.write(tree["blocks"], place)
    return package(book, body, assembly)

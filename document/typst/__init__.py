"""PDF through typst: tagged for PDF/UA-1, archivable as PDF/A-2a, the same bytes every time."""

from __future__ import annotations

import sys
from pathlib import Path

from document import sandbox
from document.assembly import Assembly
from document.typst import fonts
from document.typst.emit import Source, emit
from document.typst.retag import Mismatch, retag

__all__ = ["Source", "emit", "pdf"]

_HERE = Path(__file__).resolve().parent


class Refused(sandbox.SandboxError):
    """Typst would not set the text; ``sentence`` may be shown, ``detail`` is typst's own words."""

    sentence = "The PDF could not be made from this text."


def pdf(assembly: Assembly, *, timeout: float = 120) -> bytes:
    """The publication as PDF. Raises Refused, sandbox.SandboxError or fonts.NotBuilt."""
    source = emit(assembly)
    folder = fonts.folder()
    files = {"main.typ": source.main.encode(), "brief.typ": (_HERE / "brief.typ").read_bytes(), **source.files}
    argv = [sys.executable, "-I", str(_HERE / "compile.py"), str(folder), str(source.seconds)]
    try:
        done = sandbox.run(
            argv,
            files=files,
            outputs=["out.pdf"],
            timeout=timeout,
            epoch=source.seconds,
            readable=[folder],
            memory=2048 * 1024 * 1024,
        )
    except sandbox.Failed as error:
        raise Refused(error.detail) from error
    try:
        return retag(done.files["out.pdf"], source.tables)
    except Mismatch as error:
        raise Refused(str(error)) from error

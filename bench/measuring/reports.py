"""The 35,000-word report: the real one beside the checkout, or the sample in our own words."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bench.stack.compose import ROOT

REAL = ROOT.parent / "shared" / "data" / "word" / "intergovernmental-report-35k-words.docx"
WORDS = 35_000


@cache
def report() -> tuple[str, bytes]:
    """Its file name and bytes; the name says which of the two it is."""
    if REAL.is_file():
        return REAL.name, REAL.read_bytes()
    from document.sample import sample

    return f"sample-{WORDS}-words.docx", sample(WORDS)


def said(name: str) -> str:
    """For a figure's note."""
    return "the real report" if name == REAL.name else f"the sample report of {WORDS:,} words"


def path_of(folder: Path) -> Path:
    """The report as a file below ``folder``, for programs that want one."""
    name, content = report()
    path = folder / name
    path.write_bytes(content)
    return path

"""Compile ``main.typ`` beside it into ``out.pdf``. Run by ``document.typst`` inside the sandbox:
``python -I compile.py FONTS SECONDS`` in a folder of its own, one process per job (typst's cache grows)."""

from __future__ import annotations

import sys
from pathlib import Path

import typst


def main(fonts: str, seconds: str) -> None:
    try:
        typst.compile(
            "main.typ",
            output="out.pdf",
            root=".",
            font_paths=[fonts],
            ignore_system_fonts=True,
            pdf_standards=["ua-1", "a-2a"],
            timestamp=int(seconds),
        )
    except typst.TypstError as error:
        sys.stderr.write(f"{error.message}\n{error.diagnostic}\n")
        sys.exit(1)
    if not Path("out.pdf").exists():
        sys.exit("nothing was written")


main(*sys.argv[1:])

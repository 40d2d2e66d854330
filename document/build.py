"""Copy what documents are made with into ``build/``: fonts for print, citation styles.

``python -m document.build`` after ``npm ci``; ``make build`` calls it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from document import styles
from document.typst import fonts

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules" / "@expo-google-fonts"


def copy_fonts(target: Path = fonts.FOLDER) -> list[Path]:
    """One file for each face, named by package and face. Raises FileNotFoundError before ``npm ci``."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    copied = []
    for package, faces in fonts.FACES.items():
        for face in faces:
            (source,) = (MODULES / package / face).glob("*.ttf")
            copied.append(target / f"{package}-{face}.ttf")
            shutil.copyfile(source, copied[-1])
    return copied


def copy_styles(target: Path = styles.BUILT) -> list[Path]:
    """Each style that a brief may choose, dependent ones replaced by their parent."""
    shutil.rmtree(target, ignore_errors=True)
    sheets = {name: styles.sheet(name) for name in styles.STYLES}
    target.mkdir(parents=True)
    copied = []
    for name, sheet in sheets.items():
        copied.append(target / f"{name}.csl")
        copied[-1].write_text(sheet, "utf-8")
    return copied


def main() -> None:
    copied = [*copy_fonts(), *copy_styles()]
    sys.stdout.write(f"{len(copied)} fonts and styles in build/\n")


if __name__ == "__main__":
    main()

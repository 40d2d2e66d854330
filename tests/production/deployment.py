"""The files an administrator deploys with, read for tests."""

from __future__ import annotations

import compileall
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Instruction:
    """One instruction of a Dockerfile, continued lines joined, and the number of its stage."""

    word: str
    rest: str
    stage: int


def dockerfile() -> list[Instruction]:
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    found: list[Instruction] = []
    stage = -1
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if not word:
            continue
        stage += word == "FROM"
        found.append(Instruction(word, rest.strip(), stage))
    return found


def image(folder: Path) -> Path:
    """The product as the image's last stage has it, and nothing else of this checkout."""
    last = max(each.stage for each in dockerfile())
    for each in dockerfile():
        if each.stage == last and each.word == "COPY" and "/app/" in each.rest:
            *sources, target = [word for word in each.rest.split() if not word.startswith("--")]
            for source in sources:
                path = ROOT / source.removeprefix("/app/")
                place = folder / path.name if target == "./" else folder / target
                place.parent.mkdir(parents=True, exist_ok=True)
                if path.is_dir():
                    shutil.copytree(path, place)
                else:
                    shutil.copyfile(path, place)
    # As the image does it: a dozen processes read the same modules.
    compileall.compile_dir(folder, quiet=2)
    return folder

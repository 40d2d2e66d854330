"""Which programs there are, and what each says of itself."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: What is measured comes first: on a machine and a database that nothing has shaken yet.
ROOMS = ("speed", "faults", "abuse")


@dataclass(frozen=True)
class Program:
    """A file of a room; its name is what ONLY= takes."""

    name: str
    room: str
    path: Path

    @property
    def module(self) -> str:
        return f"bench.{self.room}.{self.name}"

    @property
    def docstring(self) -> str:
        return ast.get_docstring(ast.parse(self.path.read_text(encoding="utf-8"))) or ""

    @property
    def guards(self) -> str:
        """The first paragraph of its docstring, on one line."""
        return " ".join(self.docstring.partition("\n\n")[0].split())

    @property
    def broken(self) -> str:
        """How it was made to fail once; empty when it does not say."""
        _before, found, rest = self.docstring.partition("Broken on purpose")
        return " ".join(rest.partition("\n\n")[0].split()).lstrip(":, ") if found else ""


def programs() -> dict[str, Program]:
    """By name, in the order of rooms and names."""
    found = {}
    for room in ROOMS:
        for path in sorted((HERE / room).glob("*.py")):
            if not path.stem.startswith("_"):
                found[path.stem] = Program(path.stem, room, path)
    return found

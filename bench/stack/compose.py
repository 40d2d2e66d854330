"""docker-compose.yml as it stands, with variables put in: what is tried is what is deployed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = ROOT / "docker-compose.yml"
#: ${NAME}, ${NAME:-otherwise}, ${NAME:?what to do}; the innermost first.
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<how>[-?])(?P<words>[^{}]*))?\}")


@dataclass(frozen=True)
class Service:
    """What a container would run, and with which environment."""

    name: str
    command: list[str]
    environment: dict[str, str]


def services(values: Mapping[str, str]) -> dict[str, Service]:
    """Every service by name. Raises LookupError for a variable that must be set and is not."""
    found = {}
    for name, told in document()["services"].items():
        command = [expand(str(word), values) for word in told["command"]]
        environment = {key: expand(str(value), values) for key, value in (told.get("environment") or {}).items()}
        found[name] = Service(name, command, environment)
    return found


def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def expand(text: str, values: Mapping[str, str]) -> str:
    """As compose does it."""

    def put_in(match: re.Match[str]) -> str:
        given = values.get(match["name"], "")
        if given:
            return given
        if match["how"] == "-":
            return match["words"]
        if match["how"] == "?":
            raise LookupError(f"{match['name']}: {match['words']}")
        return ""

    while _VARIABLE.search(text):
        text = _VARIABLE.sub(put_in, text)
    return text

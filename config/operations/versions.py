"""Versions of what the product stands on, against the least that TRUST 12 allows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

import pypandoc
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from config.operations.findings import Finding, good_if

#: TRUST 12.
LEAST = {
    "Django": "5.2.19",
    "django-allauth": "65.14.2",
    "pandoc": "3.9",
    "prosemirror-view": "1.42.3",
    "WeasyPrint": "70",
    "PostgreSQL": "15",
}


def findings() -> Iterable[Finding]:
    for name, least in LEAST.items():
        found = version(name)
        if found:
            said = _("%(found)s; at least %(least)s") % {"found": found, "least": least}
            yield good_if(numbers(found) >= numbers(least), name, said)


def version(name: str) -> str:
    """The version in use, or an empty string for what is not part of this installation."""
    if name == "PostgreSQL":
        connection.ensure_connection()
        return ".".join(str(part) for part in connection.get_database_version())
    if name == "pandoc":
        return _pandoc()
    if name == "prosemirror-view":
        return _locked(f"node_modules/{name}")
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def numbers(version: str) -> tuple[int, ...]:
    """``65.14.2`` → (65, 14, 2); what is no number ends it."""
    found: list[int] = []
    for part in version.split("."):
        digits = part[: next((place for place, each in enumerate(part) if not each.isdigit()), len(part))]
        if not digits:
            break
        found.append(int(digits))
    return tuple(found)


@cache
def _pandoc() -> str:
    return str(pypandoc.get_pandoc_version())


@cache
def _locked(path: str) -> str:
    """What the scripts were built from: the lock lies beside the product, node_modules does not."""
    try:
        lock = json.loads((Path(settings.ROOT) / "package-lock.json").read_text(encoding="utf-8"))
    except OSError:
        return ""
    return str(lock["packages"].get(path, {}).get("version", ""))

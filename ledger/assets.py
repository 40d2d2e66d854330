"""Where the built styles and scripts are: names in ``editor/`` → hashed files in ``build/web``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

#: STATICFILES_DIRS serves ``build/web`` under this prefix.
PREFIX = "build"


@dataclass(frozen=True)
class Built:
    """One entry of the manifest; paths are relative to ``build/web``."""

    file: str
    imports: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


def built(name: str) -> Built:
    """The entry for a source name such as ``editor/styles/site.scss``.

    Raises ImproperlyConfigured, saying which command builds it.
    """
    path = Path(settings.BUILD_DIR) / "web" / ".vite" / "manifest.json"
    try:
        entries = _entries(str(path), path.stat().st_mtime_ns)
    except FileNotFoundError:
        entries = {}
    if name not in entries:
        raise ImproperlyConfigured(f"{name} is not built: run `make build`.")
    return entries[name]


def url(file: str) -> str:
    """The address of a built file."""
    return static(f"{PREFIX}/{file}")


@lru_cache(maxsize=2)
def _entries(path: str, stamp: int) -> dict[str, Built]:
    # Keyed by the file's time, so that a rebuild is seen without a restart.
    manifest = json.loads(Path(path).read_text(encoding="utf-8"))
    return {name: _entry(name, manifest) for name in manifest}


def _entry(name: str, manifest: dict[str, dict[str, object]]) -> Built:
    row = manifest[name]
    imports, styles, seen = [], list(_names(row.get("css"))), {name}
    waiting = list(_names(row.get("imports")))
    while waiting:
        imported = waiting.pop(0)
        if imported in seen:
            continue
        seen.add(imported)
        imports.append(str(manifest[imported]["file"]))
        styles.extend(_names(manifest[imported].get("css")))
        waiting.extend(_names(manifest[imported].get("imports")))
    return Built(str(row["file"]), tuple(imports), tuple(dict.fromkeys(styles)))


def _names(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []

"""What the public site would say at this moment, as one short hash: whoever keeps a copy asks if it is current.

It covers every row that a public page is made of, by the database's clock, and the product's own files
(templates, styles, code): a new version of the product writes its pages anew.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from release import visibility
from release.models import LaunchEvent, Release
from release.public import site
from release.states import ReleaseState

#: Of the product itself, what public pages are made by; relative to its folder.
MADE_BY = ("templates", "release/public")
_EDITION = ("pk", "edition", "brief__slug", "manifest_sha256", "sentence", "withdrawn_at", "embargo__instant")


def fingerprint() -> str:
    """32 hexadecimal digits; three queries."""
    told = [_product(), settings.BASE_URL, _editions(), _events()]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:32]


def _editions() -> list[Any]:
    # Following the clock changes a release's status and no page; a withdrawal has its own time.
    rows = Release.objects.filter(site.shown()).order_by("pk")
    return list(rows.values_list(*_EDITION, "embargo__zone"))


def _events() -> list[Any]:
    columns = [field.attname for field in LaunchEvent._meta.concrete_fields]
    events = list(visibility.public_events().order_by("pk").values_list(*columns))
    # An announced event counts down to a release that nobody may see yet.
    opens = Release.objects.filter(brief__launch_event__announced=True, status=ReleaseState.SCHEDULED)
    return [events, list(opens.order_by("pk").values_list("pk", "embargo__instant", "embargo__zone"))]


@cache
def _product() -> str:
    """The files of the product that make a page, read once a process."""
    root = Path(settings.ROOT)
    digest = hashlib.sha256()
    files = [path for name in MADE_BY for path in (root / name).rglob("*")]
    files.append(Path(settings.BUILD_DIR) / "web" / ".vite" / "manifest.json")
    for path in sorted(files):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()

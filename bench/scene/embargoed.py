"""A release with every kind of file, signed by all, and embargoed; what of it nobody may see before its time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from unittest.mock import patch

from django.db import transaction

from bench.scene.cast import small_files
from document.publication import Publication
from ledger import clock, jobs
from release import actions
from release.models import Release
from release.moments import wall
from tests.cast import Cast
from tests.factories import releases

ZONE = "Europe/Vienna"


@dataclass(frozen=True)
class Embargoed:
    """``token`` stands in the brief's title, address and event, ``words`` in its text and files.

    ``canaries`` are bytes that are secret until then.
    """

    cast: Cast
    release: Release
    token: str
    words: str
    slug: str
    event: str
    files: list[str]
    canaries: list[bytes]


def embargoed() -> Embargoed:
    """A long brief (a page for each section) with a figure, embargoed until tomorrow; its event not announced."""
    token = token_hex(8)
    # Nobody has reviewed it: a comment without an answer would keep the gates shut.
    cast = Cast(token_hex(4))
    cast.brief.title, cast.brief.summary = f"Embargoed {token}", f"What {token} says."
    cast.brief.slug = f"embargoed-{token}"
    cast.brief.save(update_fields=["title", "summary", "slug"])
    words = f"canary-{token_hex(8)}"
    with (
        transaction.atomic(),
        small_files(),
        patch("tests.factories.releases.CANARY", words),
        patch("document.artefacts.build", _long),
    ):
        release = releases.scheduled(cast)
        values = {"title": f"Launch {token}", "slug": f"launch-{token}", "zone": ZONE}
        actions.save_event(
            actor=cast.press, brief=release.brief, fields=values | {"starts_wall_time": "2035-03-12T10:00"}
        )
        jobs.run_due()
    # An empty list of sources is the same file in every brief.
    rows = list(release.artefacts.exclude(size=0).order_by("name"))
    secrets = [words, token, release.content_hash, release.manifest_sha256, *(row.sha256 for row in rows)]
    return Embargoed(
        cast=cast,
        release=release,
        token=token,
        words=words,
        slug=release.brief.slug,
        event=f"launch-{token}",
        files=list(release.artefacts.order_by("name").values_list("name", flat=True)),
        canaries=[each.encode() for each in secrets],
    )


def _long(publication: Publication, folder: Path, *, progress: Callable[[int, str], None], labels: Any = None) -> None:
    """The small files, with a figure, and so many words said that each section has a page of its own."""
    releases.build_small(publication, folder, progress=progress, labels=labels)
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "fees.png").write_bytes(f"\x89PNG {releases.CANARY}".encode("latin-1"))
    meta = folder / "pages" / "meta.json"
    meta.write_text(json.dumps(json.loads(meta.read_text()) | {"words": 30_000}))
    files = [each for each in sorted(folder.rglob("*.*")) if each.name != "SHA256SUMS"]
    sums = [f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.relative_to(folder)}\n" for each in files]
    (folder / "SHA256SUMS").write_text("".join(sums))


def open_at_the_next_minute(scene: Embargoed, least: float) -> float:
    """Move the embargo's end to the next full minute at least ``least`` seconds ahead; that moment, as a timestamp."""
    now = clock.database_now()
    moment = (now + timedelta(seconds=least + 60)).replace(second=0, microsecond=0)
    actions.set_embargo(actor=scene.cast.press, release=scene.release, wall_time=wall(moment, ZONE), zone=ZONE)
    return moment.timestamp()

"""The manifest: what approvers sign the SHA-256 of (DECISIONS, Hashes).

Canonical JSON of the content hash, imprint, metadata, gates and waivers, and each artefact's
SHA-256. The embargo's time is outside it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from document import canonical
from document.publication import Imprint, Publication
from release.models import Release

SCHEMA = 1


def describe(publication: Publication) -> dict[str, Any]:
    """``{"metadata", "imprint"}`` as the artefacts print them."""
    return {
        "metadata": {
            "title": publication.title,
            "subtitle": publication.subtitle,
            "summary": publication.summary,
            "language": publication.language,
            "slug": publication.slug,
            "organisations": list(publication.organisations),
            "dated": publication.dated.isoformat() if publication.dated else "",
        },
        "imprint": asdict(publication.imprint),
    }


def text(release: Release, described: dict[str, Any]) -> str:
    """The manifest's canonical JSON, from ``describe``'s parts and what is stored for the release."""
    # By id: who it was is erased some day, and what was signed stays as it is.
    waivers = release.waivers.order_by("gate")
    return canonical.dumps(
        {
            "schema": SCHEMA,
            "content_hash": release.content_hash,
            "version": release.version.number,
            "edition": release.edition,
            "metadata": described["metadata"],
            "imprint": described["imprint"],
            "gates": dict(release.gates.values_list("gate", "state")),
            "waivers": [{"gate": each.gate, "by": str(each.by_id), "reason": each.reason} for each in waivers],
            "artefacts": dict(release.artefacts.values_list("name", "sha256")),
        }
    )


def fields(release: Release, described: dict[str, Any]) -> dict[str, str]:
    """``manifest`` and ``manifest_sha256``, to be saved together."""
    manifest = text(release, described)
    return {"manifest": manifest, "manifest_sha256": canonical.sha256(manifest)}


def rewrite(release: Release) -> bool:
    """Save the manifest anew after gates or waivers changed; whether it is another one now.

    The release's row is locked by the caller, and its signatures are voided: the database refuses
    otherwise.
    """
    changed = fields(release, read(release))
    if changed["manifest_sha256"] == release.manifest_sha256:
        return False
    release.manifest, release.manifest_sha256 = changed["manifest"], changed["manifest_sha256"]
    release.save(update_fields=["manifest", "manifest_sha256"])
    return True


def read(release: Release) -> dict[str, Any]:
    """The manifest as data; empty parts before it is built."""
    if not release.manifest:
        return {"metadata": {}, "imprint": {}, "gates": {}, "waivers": [], "artefacts": {}}
    manifest: dict[str, Any] = json.loads(release.manifest)
    return manifest


def imprint(release: Release) -> Imprint:
    return Imprint(**read(release)["imprint"])

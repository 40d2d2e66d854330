"""A public edition: its manifest's facts, its files, its addresses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from document.assembly import direction
from release import manifest, stored
from release.models import Artefact, Release
from release.public.kept import remembered
from release.states import ArtefactKind, ReleaseState

#: Beyond this a page for each section, and one to print (DECISIONS, Weight).
ONE_PAGE = 20_000
DOWNLOADS = (ArtefactKind.PDF, ArtefactKind.DOCX, ArtefactKind.EPUB, ArtefactKind.ZIP)


@dataclass(frozen=True)
class Part:
    """One section as frozen: the names of its fragments, for the whole on one page and for one of its own."""

    id: str
    title: str
    words: int
    depth: int = 0

    @property
    def whole(self) -> str:
        return f"pages/sections/{self.id}.html"

    @property
    def alone(self) -> str:
        return f"pages/split/{self.id}.html"


@dataclass
class Edition:
    """A release as readers meet it. ``current`` is the brief's latest public edition."""

    release: Release
    current: bool = True

    @property
    def slug(self) -> str:
        return str(self.facts["slug"])

    @property
    def base(self) -> str:
        """Its address, with a slash at the end; earlier editions have one of their own."""
        here = f"/briefs/{self.release.brief.slug}/"
        return here if self.current else f"{here}editions/{self.release.edition}/"

    @property
    def lasting(self) -> str:
        """The address that will always be this edition's."""
        return f"/briefs/{self.release.brief.slug}/editions/{self.release.edition}/"

    @property
    def withdrawn(self) -> bool:
        return self.release.status == ReleaseState.WITHDRAWN

    @property
    def launched(self) -> datetime:
        """When readers were let in."""
        instant: datetime = self.release.embargo.instant
        return instant

    @property
    def zone(self) -> str:
        return str(self.release.embargo.zone)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return manifest.read(self.release)

    @property
    def facts(self) -> dict[str, Any]:
        """Title, subtitle, summary, language, slug, organisations as signed."""
        metadata: dict[str, Any] = self.manifest["metadata"]
        return metadata

    @property
    def imprint(self) -> dict[str, str]:
        texts: dict[str, str] = self.manifest["imprint"]
        return texts

    @cached_property
    def artefacts(self) -> dict[str, Artefact]:
        return {each.name: each for each in self.release.artefacts.all()}

    @cached_property
    def downloads(self) -> list[Artefact]:
        """What the page offers, in the order of the list above."""
        by_kind = {each.kind: each for each in self.artefacts.values()}
        return [by_kind[kind] for kind in DOWNLOADS if kind in by_kind]

    @cached_property
    def meta(self) -> dict[str, Any]:
        """Words, minutes and sections, frozen with the pages."""
        name = "pages/meta.json"
        found: dict[str, Any] = json.loads(remembered(self.artefacts[name].sha256, lambda: self.text(name)))
        return found

    @cached_property
    def parts(self) -> list[Part]:
        return [Part(each["id"], each["title"], each["words"], each.get("depth", 0)) for each in self.meta["sections"]]

    @cached_property
    def sources(self) -> str:
        """The list of sources as frozen, empty when nothing is cited."""
        return self.text("pages/sources.html") if "pages/sources.html" in self.artefacts else ""

    @property
    def language_attributes(self) -> SafeString:
        """``lang`` and ``dir`` of its pages."""
        language = str(self.facts["language"])
        return format_html('lang="{}" dir="{}"', language, direction(language))

    @property
    def split(self) -> bool:
        return int(self.meta["words"]) > ONE_PAGE

    def artefact(self, name: str) -> Artefact | None:
        """A file, if there is one of this name. Raises NotAsSigned when it is not what was signed."""
        found = self.artefacts.get(name)
        if found is not None:
            stored.check(found, str(self.manifest["artefacts"].get(name, "")))
        return found

    def text(self, name: str) -> str:
        """A frozen text file. Raises KeyError, NotAsSigned."""
        found = self.artefact(name)
        if found is None:
            raise KeyError(name)
        with found.file.open("rb") as file:
            content: bytes = file.read()
        return content.decode()

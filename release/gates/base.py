"""What a gate is, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise

from brief import publications
from brief.models import Brief
from document import numbering, tree
from document.numbering import Numbering
from document.publication import Publication, SectionText
from document.tree import Node
from release.models import Release
from review.policies import Matter, open_matters

#: How many spots a gate lists; the detail says how many there are.
SPOTS = 12


@dataclass(frozen=True)
class Spot:
    """Where to go to clear the gate."""

    label: str
    url: str


@dataclass(frozen=True)
class Found:
    """What a gate found: ``problem`` is one sentence, empty when it is green."""

    problem: str = ""
    spots: list[Spot] = field(default_factory=list)
    #: What was looked at, shown when the gate is green: "12 figures".
    looked_at: str = ""


@dataclass
class Checked:
    """The candidate as gates see it; the version is read once for all of them."""

    release: Release

    @property
    def brief(self) -> Brief:
        return self.release.brief

    @cached_property
    def publication(self) -> Publication:
        return publications.of_version(self.release.version, edition=self.release.edition)

    @cached_property
    def numbering(self) -> Numbering:
        return numbering.number((each.id, each.title, each.doc) for each in self.publication.sections)

    @cached_property
    def _open(self) -> list[Matter]:
        return open_matters(self.brief)

    def matters(self, *kinds: str) -> list[Matter]:
        """What of its review the brief has not settled, of these kinds (``review.policies.open_matters``)."""
        return [each for each in self._open if each.kind in kinds]

    def nodes(self, *kinds: str) -> Iterator[tuple[SectionText, Node, Node]]:
        """Each node of these kinds, with its section and the top-level block it stands in."""
        for section in self.publication.sections:
            for block in tree.children(section.doc):
                for node in tree.walk(block):
                    if node["type"] in kinds:
                        yield section, block, node

    def spot(self, section: SectionText, block: Node, words: str = "") -> Spot:
        """The writing room at a block."""
        url = reverse("brief:section", args=[self.brief.pk, section.id]) + f"#b-{tree.block_id(block)}"
        return Spot(f"{section.title}: {words or tree.text(block)[:60]}".strip(": "), url)


Check = Callable[[Checked], Found]


@dataclass(frozen=True)
class Gate:
    """``waivable`` with ``firm`` saying, if not, why; ``living`` gates can change after the version froze."""

    name: str
    title: str | Promise
    check: Check
    waivable: bool = False
    firm: str | Promise = ""
    living: bool = False

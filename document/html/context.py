"""What a page decides about the HTML of a text: where links lead, what is highlighted, how notes stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from document.assembly import Assembly
from document.labels import Labels
from document.publication import SectionText


@dataclass(frozen=True)
class Highlight:
    """Words of a block that a thread is about. ``start == end``: the block as a whole.

    ``current`` marks the thread that is open; ``label`` is its number as people see it.
    """

    block: str
    start: int
    end: int
    thread: str
    label: str = ""
    css: str = ""
    current: bool = False


@dataclass(frozen=True)
class ParagraphLink:
    """A link beside a paragraph, such as “Comment on paragraph 12”; ``name`` is what is read aloud."""

    url: str
    text: str
    name: str = ""


def _same_page(section: str) -> str:
    return ""


def _figure_url(asset: str) -> str:
    return f"figures/{asset}"


@dataclass(frozen=True)
class Context:
    """``page_url(section)`` gives the address of the page that holds a section, empty for this one.

    ``notes``: ``side`` puts each note after the paragraph that refers to it (a style sheet moves it
    into the margin on wide screens), ``end`` lists them after the section. ``base_level`` is the
    level of a section's heading; ``nested`` lowers those of sections within others, and is off where
    a section has a page of its own.
    """

    assembly: Assembly
    notes: Literal["side", "end"] = "side"
    figure_url: Callable[[str], str] = _figure_url
    page_url: Callable[[str], str] = _same_page
    sources_url: str = ""
    paragraph_link: Callable[[str, int], ParagraphLink | None] | None = None
    thread_url: Callable[[str], str] | None = None
    highlights: Sequence[Highlight] = field(default_factory=tuple)
    base_level: int = 2
    nested: bool = True

    @property
    def labels(self) -> Labels:
        return self.assembly.labels

    def level(self, section: SectionText) -> int:
        """The level of this section's heading."""
        return min(6, self.base_level + (section.depth if self.nested else 0))

    def lowered(self, block: str) -> int:
        """By how much a heading is lower because the section it stands in is within others."""
        return self.assembly.depth_of(block) if self.nested else 0

    def highlighted(self, block: str) -> list[Highlight]:
        """The highlights of one block."""
        return [each for each in self.highlights if each.block == block]

    def link_to(self, target: str) -> str:
        """Where a cross-reference leads; empty when its target is not in the brief."""
        numbers = self.assembly.numbering
        if target in numbers.sections:
            return f"{self.page_url(target)}#section-{target}"
        if not numbers.known(target):
            return ""
        return f"{self.page_url(self.assembly.homes.get(target, ''))}#{self.fragment(target)}"

    def fragment(self, block: str) -> str:
        """A block's address inside its page: ``p12`` for numbered paragraphs, ``b-…`` otherwise."""
        number = self.assembly.numbering.paragraphs.get(block)
        return f"p{number}" if number else f"b-{block}"

    def source_link(self, key: str) -> str:
        """Where the list of sources tells of one source."""
        return f"{self.sources_url}#source-{key}"

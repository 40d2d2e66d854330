"""What a renderer knows about the whole before it shows a part: numbers, notes, targets, citations.

Worked out once for a publication and shared by HTML, pandoc and typst, so that a paragraph, a note
or a table has the same number wherever it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from document import citations, numbering, tree
from document.addresses import is_web
from document.citations import Citations, Entry, Inlines
from document.csl import CUSTOM
from document.labels import Labels
from document.numbering import Numbering
from document.publication import Publication
from document.tree import Node

RTL = frozenset({"ar", "fa", "he", "ps", "ur", "yi", "dv", "ckb", "ug", "sd"})


def direction(language: str) -> str:
    """``rtl`` for languages written from right to left, by their subtag; otherwise ``ltr``."""
    return "rtl" if language.lower().partition("-")[0] in RTL else "ltr"


def blank(node: Node) -> bool:
    """Whether a textblock shows nothing: an empty heading is a stumbling block, and is left out."""
    return not any(child["type"] != "hard_break" for child in tree.children(node)) or (
        not tree.block_text(node).replace(tree.OBJECT, " ").strip()
        and all(child["type"] in ("text", "hard_break") for child in tree.children(node))
    )


def wordless(node: Node) -> bool:
    """Whether a heading shows nothing but marks of notes: it is set as a paragraph, so that nothing is lost.

    A heading without a name is refused by PDF/UA-1, and says nothing to who hears it.
    """
    shown = {child["type"] for child in tree.children(node)}
    words = tree.block_text(node).replace(tree.OBJECT, " ")
    return not words.strip() and shown <= {"text", "hard_break", "footnote", "citation"}


@dataclass(frozen=True)
class Assembly:
    """The publication with everything derived from it.

    ``notes``, ``cites`` and ``levels`` are keyed by a node's identity: they hold for the very
    objects inside ``publication``, which the assembly keeps alive.
    """

    publication: Publication
    numbering: Numbering
    labels: Labels
    citations: Citations | None
    notes: dict[int, int]
    cites: dict[int, int]
    levels: dict[int, int]
    homes: dict[str, str]
    depths: dict[str, int]

    def note(self, node: Node) -> int:
        """The number of a footnote, or of a citation that its style puts into a note; 0 if none."""
        known = self.notes.get(id(node))
        return self.numbering.footnotes.get(tree.block_id(node), 0) if known is None else known

    def unseen(self, children: Sequence[Node]) -> list[int]:
        """For each child of a textblock, how many blanks at its end are not shown: a note's mark stands right behind
        its word, however the citation was typed. Between two marks one stays, or 1 and 2 would read as 12."""
        notes = [child["type"] != "text" and self.note(child) > 0 for child in children]
        found = [0] * len(children)
        for place, follows in enumerate(notes[1:]):
            words = children[place].get("text", "")
            if follows and (words.strip(" ") or not (place and notes[place - 1])):
                found[place] = len(words) - len(words.rstrip(" "))
        return found

    def closed_up(self, children: Sequence[Node]) -> Iterator[Node]:
        """The children of a textblock without such blanks."""
        for child, count in zip(children, self.unseen(children), strict=True):
            if count < len(child.get("text", " ")):
                yield {**child, "text": child["text"][:-count]} if count else child

    def level(self, heading: Node) -> int:
        """A heading's level inside its section, without gaps: a reader must not meet 1, then 3."""
        return self.levels.get(id(heading)) or int(tree.attr(heading, "level", 1))

    def depth_of(self, block: str) -> int:
        """Within how many sections the section stands that holds this block."""
        return self.depths.get(self.homes.get(block, ""), 0)

    def cited(self, node: Node) -> Inlines:
        """A citation's text, formatted, as pandoc inlines."""
        items: list[dict[str, str]] = tree.attr(node, "items", [])
        index = self.cites.get(id(node))
        known = self.publication.sources
        if self.citations is None or index is None:
            return citations.strings(citations.provisional(items, known))
        result = list(self.citations.clusters[index])
        for item in items:
            if item["source"] not in known:
                missing = str(self.labels.missing_source).format(key=item["source"])
                result += [*([{"t": "Space"}] if result else []), *citations.strings(missing)]
        return result

    def sources(self) -> list[Entry]:
        """The list of sources in the order of its style, each with what CSL has no words for."""
        entries = self.citations.entries if self.citations else ()
        return [Entry(entry.key, [*entry.inlines, *self._added(entry)]) for entry in entries]

    def _added(self, entry: Entry) -> Inlines:
        """“Archived”, “unpublished, available on request”, the declared interest: after the entry."""
        extra = self.publication.sources.get(entry.key, {}).get(CUSTOM, {})
        added: Inlines = []
        archive = str(extra.get("archive", ""))
        if is_web(archive):
            shown = citations.strings(str(self.labels.archived))
            added += [{"t": "Space"}, {"t": "Link", "c": [["", [], []], shown, [archive, ""]]}, {"t": "Str", "c": "."}]
        if extra.get("unpublished"):
            added += [{"t": "Space"}, *citations.strings(str(self.labels.unpublished))]
        if interest := str(extra.get("interest", "")).strip().rstrip("."):
            added += [{"t": "Space"}, *citations.strings(str(self.labels.interest).format(interest=interest))]
        stopped = citations.plain(entry.inlines).rstrip().endswith((".", "!", "?"))
        ended = stopped or _ends_in_address(entry.inlines)
        return added if not added or ended else [{"t": "Str", "c": "."}, *added]

    def reference(self, target: str) -> str:
        """How a cross-reference reads: “paragraph 12”, “Table 3”, “section …”."""
        numbers, labels = self.numbering, self.labels
        if target in numbers.series:
            return labels.series(*numbers.series[target])
        if target in numbers.paragraphs:
            return str(labels.paragraph).format(number=numbers.paragraphs[target])
        if target in numbers.sections:
            return str(labels.section).format(title=numbers.titles[target])
        if target in numbers.titles:
            return str(labels.heading).format(title=numbers.titles[target])
        return str(labels.missing)


def _ends_in_address(inlines: Inlines) -> bool:
    """A full stop after an address would be taken for a part of it."""
    last: citations.Inline = inlines[-1] if inlines else {"t": ""}
    return last["t"] == "Link" or (last["t"] == "Span" and _ends_in_address(last["c"][1]))


def assemble(
    publication: Publication,
    labels: Labels | None = None,
    *,
    cite: bool = True,
    numbers: Numbering | None = None,
) -> Assembly:
    """Work out a publication's numbers and format its citations (one pandoc call, remembered).

    ``cite=False`` needs no outside program and shows citations provisionally. ``numbers`` of the
    whole brief serve when ``publication`` holds only some of its sections.
    Raises sandbox.SandboxError when pandoc fails.
    """
    formatted = citations.format_publication(publication) if cite else None
    sections = publication.sections
    found = numbers or numbering.number((each.id, each.title, each.doc) for each in sections)
    nodes = citations.cited(section.doc for section in sections)
    note_style = bool(formatted and formatted.notes)
    levels: dict[int, int] = {}
    for section in sections:
        levels |= _levels(section.doc)
    return Assembly(
        publication,
        found,
        labels or Labels(),
        formatted,
        notes=_notes(publication, note_style, numbers),
        cites={id(node): index for index, node in enumerate(nodes)},
        levels=levels,
        depths={each.id: each.depth for each in sections if each.depth},
        homes={tree.block_id(node): each.id for each in sections for node in tree.blocks(each.doc)},
    )


def _noted(node: Node, note_style: bool) -> Iterator[Node]:
    """Footnotes, and citations outside of footnotes when the style is one of notes."""
    for child in tree.children(node):
        if child["type"] == "footnote" or (note_style and child["type"] == "citation"):
            yield child
        else:
            yield from _noted(child, note_style)


def _notes(publication: Publication, note_style: bool, numbers: Numbering | None) -> dict[int, int]:
    nodes: list[Node] = [node for each in publication.sections for node in _noted(each.doc, note_style)]
    # A part of a brief keeps the whole's numbers, except where citations are notes between them.
    whole = numbers.footnotes if numbers and not note_style else {}
    return {id(node): whole.get(tree.block_id(node), n) for n, node in enumerate(nodes, start=1)}


def _levels(doc: Node) -> dict[int, int]:
    result: dict[int, int] = {}
    last = 0
    for node in tree.walk(doc):
        if node["type"] == "heading" and not wordless(node):
            last = min(int(tree.attr(node, "level", 1)), last + 1)
            result[id(node)] = last
    return result

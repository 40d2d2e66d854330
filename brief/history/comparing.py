"""A comparison as pages show it: only what changed or the whole, as one text or side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brief.history.standings import Standing
from brief.labels import labels
from document import redlines, tree
from document.assembly import assemble
from document.diff import Change, Counts, counts, named
from document.diff.display import nameless
from document.diff.redlines import with_content
from document.html import Context, render_nodes
from document.html.element import Markup
from document.redlines import SectionChange
from document.tree import Node

View = Literal["inline", "side"]
#: Unchanged blocks shown before and after one that changed.
AROUND = 1


@dataclass(frozen=True)
class Part:
    """Something to show: a stretch of text, a row of two, or a gap in which nothing changed (``skipped``)."""

    markup: Markup | None = None
    left: Markup | None = None
    right: Markup | None = None
    skipped: int = 0

    @property
    def gap(self) -> str:
        return ngettext("%(number)d paragraph unchanged", "%(number)d paragraphs unchanged", self.skipped) % {
            "number": self.skipped
        }


@dataclass(frozen=True)
class Section:
    """One section of the comparison; ``notes`` say what became of it as a whole."""

    id: str
    title: str
    was: str
    notes: list[str]
    counts: Counts
    parts: list[Part] = field(default_factory=list)
    unchanged: bool = False


@dataclass(frozen=True)
class Comparison:
    """Everything a page shows of two standings."""

    old: Standing
    new: Standing
    view: View
    whole: bool
    counts: Counts
    sections: list[Section]

    @property
    def changed(self) -> list[Section]:
        return [section for section in self.sections if not section.unchanged]

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """What differs in the brief's own words: name, old, new."""
        before, after = self.old.publication, self.new.publication
        rows = (
            (_("Title"), before.title, after.title),
            (_("Subtitle"), before.subtitle, after.subtitle),
            (_("Summary"), before.summary, after.summary),
        )
        return [row for row in rows if row[1] != row[2]]


def compare(
    old: Standing, new: Standing, *, view: View = "inline", whole: bool = False, figure_url: Callable[[str], str]
) -> Comparison:
    """Work the comparison out and render it. Needs no database."""
    found = redlines.compare(old.publication, new.publication)
    words = labels(found.publication.language)
    context = Context(
        assembly=assemble(found.publication, words, cite=False, numbers=found.numbers),
        figure_url=figure_url,
        notes="side",
        base_level=2,
    )
    shown = {section.id: section.doc for section in found.publication.sections}
    sections = [_section(each, shown[each.text.id], context, view, whole) for each in found.sections]
    return Comparison(old, new, view, whole, found.counts, sections)


def _section(change: SectionChange, doc: Node, context: Context, view: View, whole: bool) -> Section:
    text = change.text
    was = change.old.title if change.old and change.new and change.old.title != change.new.title else ""
    parts = [] if change.unchanged and not whole else list(_parts(doc, context, view, whole))
    return Section(text.id, text.title, was, _notes(change), counts([change.redline]), parts, change.unchanged)


def _notes(change: SectionChange) -> list[str]:
    old, new = change.old, change.new
    if old is None or new is None:
        return [_("This section is new.") if old is None else _("This section has been removed.")]
    notes = []
    if change.moved:
        notes.append(_("This section stands in another place."))
    if old.depth != new.depth:
        notes.append(_("This section stands at another level of the outline."))
    if old.content_notice != new.content_notice:
        told = {"old": old.content_notice or _("none"), "new": new.content_notice or _("none")}
        notes.append(_("Content notice: %(old)s → %(new)s") % told)
    return notes


def _parts(doc: Node, context: Context, view: View, whole: bool) -> Iterator[Part]:
    changes = context.assembly.publication.changes
    nodes = tree.children(doc)
    touched = [bool(changes) and _touched(node, changes) for node in nodes]
    shown = [whole or any(touched[max(0, at - AROUND) : at + AROUND + 1]) for at in range(len(nodes))]
    at = 0
    while at < len(nodes):
        end = at + 1
        while end < len(nodes) and shown[end] == shown[at]:
            end += 1
        if not shown[at]:
            yield Part(skipped=end - at)
        elif view == "inline":
            yield Part(markup=render_nodes(nodes[at:end], context))
        else:
            yield from _rows(nodes[at:end], touched[at:end], changes, context)
        at = end


def _touched(node: Node, changes: Mapping[str, Change]) -> bool:
    if any(named.meant(mark, changes) for mark in node.get("marks") or ()):
        return True
    return any(_touched(child, changes) for child in node.get("content") or ())


# --- side by side


def _rows(nodes: list[Node], touched: list[bool], changes: Mapping[str, Change], context: Context) -> Iterator[Part]:
    at = 0
    while at < len(nodes):
        node, after = nodes[at], nodes[at + 1] if at + 1 < len(nodes) else None
        at += 1
        if not touched[at - 1]:
            yield Part(left=render_nodes([nameless(node)], context), right=render_nodes([node], context))
            continue
        name = _replaced(node, "deletion", changes)
        if name and after is not None and name == _replaced(after, "insertion", changes):
            at += 1
            yield Part(left=render_nodes([node], context), right=render_nodes([after], context))
            continue
        left, right = _side(node, changes, "insertion"), _side(node, changes, "deletion")
        yield Part(
            left=render_nodes([nameless(left)], context) if left else None,
            right=render_nodes([right], context) if right else None,
        )


def _replaced(node: Node, kind: str, changes: Mapping[str, Change]) -> str:
    """The change by which this block as a whole was replaced, or replaces another."""
    found = (named.meant(mark, changes) for mark in node.get("marks") or () if mark["type"] == kind)
    return next((change.id for change in found if change and change.kind == "replaced"), "")


def _side(node: Node, changes: Mapping[str, Change], gone: str) -> Node | None:
    """The node without what only the other side has; on the left as it was before it changed its form."""
    if not _touched(node, changes):
        return node
    result = {key: value for key, value in node.items() if key != "marks"}
    kept: list[dict[str, Any]] = []
    for mark in node.get("marks") or []:
        change = named.meant(mark, changes)
        if change is not None and mark["type"] == gone:
            return None
        if change is not None and mark["type"] == "modification" and gone == "insertion":
            kept = list(change.before["marks"])
            result["type"] = change.before["type"]
            if "attrs" in node:
                result["attrs"] = {**change.before["attrs"], "id": tree.block_id(node)}
        else:
            kept.append(mark)
    if kept:
        result["marks"] = kept
    if "content" in node:
        inside = [each for child in node["content"] if (each := _side(child, changes, gone)) is not None]
        result = with_content(result, inside)
    return result

"""Gates about the frozen text: what it covers and whether everything in it leads somewhere."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from document import tree
from release.gates.base import SPOTS, Checked, Found, Spot


def objectives_covered(checked: Checked) -> Found:
    """Every objective has a section with words in this version."""
    written = {each.id for each in checked.publication.sections if tree.words(each.doc)}
    objectives = list(checked.brief.objectives.prefetch_related("sections"))
    open_ones = [each for each in objectives if not written & {str(section.pk) for section in each.sections.all()}]
    spots = [Spot(str(each), reverse("brief:home", args=[checked.brief.pk]) + "#objectives") for each in open_ones]
    count = len(open_ones)
    problem = ngettext(
        "%(count)d objective is covered by no section.", "%(count)d objectives are covered by no section.", count
    ) % {"count": count}
    if not objectives:
        home = Spot(_("Objectives"), reverse("brief:home", args=[checked.brief.pk]) + "#objectives")
        return Found(_("The brief has no objectives."), [home])
    return Found(problem if count else "", spots[:SPOTS], _count(len(objectives), "objectives"))


def figures_described(checked: Checked) -> Found:
    """Every figure has alternative text or is marked decorative, and its image is there."""
    nodes = list(checked.nodes("figure"))
    bad = [
        checked.spot(section, node)
        for section, _block, node in nodes
        if tree.attr(node, "asset") not in checked.publication.figures
        or not (tree.attr(node, "decorative", False) or str(tree.attr(node, "alt")).strip())
    ]
    problem = ngettext(
        "%(count)d figure has no alternative text.", "%(count)d figures have no alternative text.", len(bad)
    ) % {"count": len(bad)}
    return Found(problem if bad else "", bad[:SPOTS], _count(len(nodes), "figures"))


def citations_resolve(checked: Checked) -> Found:
    """Every citation names a source of the brief."""
    nodes = list(checked.nodes("citation"))
    bad = [
        checked.spot(section, block, str(item["source"]))
        for section, block, node in nodes
        for item in tree.attr(node, "items", [])
        if item["source"] not in checked.publication.sources
    ]
    problem = ngettext(
        "%(count)d citation names a source that is not there.",
        "%(count)d citations name sources that are not there.",
        len(bad),
    ) % {"count": len(bad)}
    return Found(problem if bad else "", bad[:SPOTS], _count(len(nodes), "citations"))


def references_resolve(checked: Checked) -> Found:
    """Every cross-reference leads to something in this version."""
    nodes = list(checked.nodes("cross_reference"))
    bad = [
        checked.spot(section, block)
        for section, block, node in nodes
        if not checked.numbering.known(str(tree.attr(node, "target")))
    ]
    problem = ngettext(
        "%(count)d cross-reference leads nowhere.", "%(count)d cross-references lead nowhere.", len(bad)
    ) % {"count": len(bad)}
    return Found(problem if bad else "", bad[:SPOTS], _count(len(nodes), "references"))


def nothing_suggested(checked: Checked) -> Found:
    """No insertion, deletion or modification waits: a published file must not hold deleted words."""
    bad = {
        tree.block_id(block): checked.spot(section, block)
        for section in checked.publication.sections
        for block in tree.children(section.doc)
        for node in tree.walk(block)
        if any(mark["type"] in ("insertion", "deletion", "modification") for mark in node.get("marks") or [])
    }
    problem = ngettext(
        "%(count)d paragraph holds a suggestion that nobody decided.",
        "%(count)d paragraphs hold suggestions that nobody decided.",
        len(bad),
    ) % {"count": len(bad)}
    return Found(problem if bad else "", list(bad.values())[:SPOTS])


def _count(number: int, what: str) -> str:
    words = {
        "objectives": ngettext("%(count)d objective", "%(count)d objectives", number),
        "figures": ngettext("%(count)d figure", "%(count)d figures", number),
        "citations": ngettext("%(count)d citation", "%(count)d citations", number),
        "references": ngettext("%(count)d cross-reference", "%(count)d cross-references", number),
    }
    return words[what] % {"count": number}

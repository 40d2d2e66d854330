"""Gates about the frozen text: what it covers and whether everything in it leads somewhere."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from document import csl, tree
from document.characters import shorten
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


def links_dated(checked: Checked) -> Found:
    """Every cited page of the web has an archived copy, or at least the day on which it was read.

    A DOI is kept by its registry, and of an unpublished source readers get no link. Whether a link still leads
    somewhere is not asked: that would be a request to an address that somebody typed (docs/decisions/0032).
    """
    cited: dict[str, Spot] = {}
    for section, block, node in checked.nodes("citation"):
        for item in tree.attr(node, "items", []):
            cited.setdefault(str(item["source"]), checked.spot(section, block, _title(checked, item["source"])))
    on_the_web = {key: spot for key, spot in cited.items() if _is_page(checked.publication.sources.get(key, {}))}
    bad = [spot for key, spot in on_the_web.items() if not _is_kept(checked.publication.sources[key])]
    problem = ngettext(
        "%(count)d source on the web has neither an archive link nor the day it was read.",
        "%(count)d sources on the web have neither an archive link nor the day they were read.",
        len(bad),
    ) % {"count": len(bad)}
    return Found(problem if bad else "", bad[:SPOTS], _count(len(on_the_web), "pages"))


def _title(checked: Checked, key: str) -> str:
    """How a source is called in a list of spots."""
    return shorten(csl.plain(checked.publication.sources.get(key, {}).get("title")), 60) or key


def _is_page(item: dict[str, Any]) -> bool:
    return bool(item.get("URL")) and not item.get("DOI") and not item.get(csl.CUSTOM, {}).get("unpublished")


def _is_kept(item: dict[str, Any]) -> bool:
    return bool(item.get(csl.CUSTOM, {}).get("archive") or item.get("accessed"))


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
        "pages": ngettext("%(count)d source on the web", "%(count)d sources on the web", number),
        "references": ngettext("%(count)d cross-reference", "%(count)d cross-references", number),
    }
    return words[what] % {"count": number}

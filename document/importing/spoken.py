"""The languages of words in Word and ODT files, which pandoc does not tell.

Word marks languages by itself and often wrongly: hundreds of words of an English report are Italian to it. So only what
is no chance is taken, as the sign of a change of form is (``tracked``): words set from right to left, and every mark
in a file of our own. The rest is told, and so is all of an ODT file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from document.importing.headings import word_count
from document.importing.inlines import LANGUAGE
from document.importing.restored import TEXT
from document.importing.tracked import Tracked, W, is_on, words, wrap
from document.uploads import Archive

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_SPAN = f"{TEXT}span"
#: A style that only our files have (``document.word``).
_OURS = "Paragraph Number"
#: What a run stands in where pandoc looks for a change around it; in another change it would be lost.
_AROUND = (f"{W}p", f"{W}hyperlink")


@dataclass
class Passed:
    """A language whose marks are not taken: how many words have it, and the first of them."""

    language: str
    count: int
    words: str


def take(root: Any, archive: Archive, tracked: Tracked) -> list[Passed]:
    """Put signs around words in another language; gives the languages of words that go without, in notes too."""
    notes = [archive.xml(f"word/{name}.xml") for name in ("footnotes", "endnotes")]
    beside = [each for part in notes if part is not None for each in _marked(part)]
    marked = list(_marked(root))
    if not (marked or beside):
        return []
    styles = archive.xml("word/styles.xml")
    names = styles.iter(f"{W}name") if styles is not None else ()
    ours = any(each.get(f"{W}val") == _OURS for each in names)
    default = styles.find(f"{W}docDefaults//{W}lang") if styles is not None else None
    own = default.get(f"{W}val", "") if default is not None else ""
    main = _main(own, words(root), [(tag, words(run)) for run, tag, _rtl in (*marked, *beside)])
    left: list[tuple[str, str]] = []
    for number, (run, tag, rtl) in enumerate([*marked, *beside]):
        sure = ours or (rtl and _primary(tag) != main)
        if sure and number < len(marked) and run.getparent().tag in _AROUND:
            wrap(run, {}, {"language": tag, "dir": "rtl" if rtl else "ltr"}, tracked)
        else:
            left.append((tag, words(run)))
    return _others(left, main)


def passed_in_odt(archive: Archive) -> list[Passed]:
    """The languages of words in an ODT file: none is taken."""
    content: Any = archive.xml("content.xml")
    styles: Any = archive.xml("styles.xml")
    if content is None:
        return []
    parts = [part for part in (styles, content) if part is not None]
    named = {
        style.get(f"{_STYLE}name"): _of_style(style)
        for part in parts
        for style in part.iter(f"{_STYLE}style")
        if style.get(f"{_STYLE}family") == "text"
    }
    spans = [(named.get(each.get(f"{TEXT}style-name"), ""), "".join(each.itertext())) for each in content.iter(_SPAN)]
    defaults = styles.iter(f"{_STYLE}default-style") if styles is not None else ()
    own = next((tag for each in defaults if (tag := _of_style(each))), "")
    marked = [(tag, said) for tag, said in spans if tag]
    return _others(marked, _main(own, "".join(content.itertext()), marked)) if marked else []


def _of_style(style: Any) -> str:
    """The language that a style of an ODT file says, by its tag; "" for none."""
    looks = style.find(f"{_STYLE}text-properties")
    said = [looks.get(f"{_FO}{name}", "none") for name in ("language", "country")] if looks is not None else []
    tag = "-".join(each for each in said if each != "none")
    return tag if LANGUAGE.fullmatch(tag) and said[0] not in ("none", "zxx") else ""


def _marked(root: Any) -> Any:
    """(run, language, whether from right to left) of every run with words that says its language."""
    for each in root.iter(f"{W}lang"):
        properties = each.getparent()
        run = properties.getparent()
        if run is None or run.tag != f"{W}r" or not words(run).strip():
            continue
        right = properties.find(f"{W}rtl")
        rtl = right is not None and is_on(right)
        tag = each.get(f"{W}bidi" if rtl else f"{W}val", "")
        if LANGUAGE.fullmatch(tag):
            yield run, tag, rtl


def _main(own: str, text: str, marked: list[tuple[str, str]]) -> str:
    """The language of most words; what is not marked is in the file's ``own``."""
    counted: Counter[str] = Counter({_primary(own): word_count(text)})
    for tag, said in marked:
        count = word_count(said)
        counted[_primary(own)] -= count
        counted[_primary(tag)] += count
    return max(counted, key=lambda each: counted[each])


def _others(marked: list[tuple[str, str]], main: str) -> list[Passed]:
    passed: dict[str, Passed] = {}
    for tag, said in marked:
        if _primary(tag) != main:
            known = passed.setdefault(tag, Passed(tag, 0, said.strip()))
            known.count += word_count(said)
    return [each for each in passed.values() if each.count]


def _primary(tag: str) -> str:
    return tag.split("-")[0].lower()

"""The languages of words in a Word file, which pandoc does not tell.

Word marks languages by itself and often wrongly: hundreds of words of an English report are Italian to it. So only what
is no chance is taken, as the sign of a change of form is (``tracked``): words set from right to left, and every mark
in a file of our own. The rest is told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from document.importing.headings import word_count
from document.importing.inlines import LANGUAGE
from document.importing.tracked import Tracked, W, is_on, words, wrap
from document.uploads import Archive

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
    main = _main(root, styles, marked)
    passed: dict[str, Passed] = {}
    for number, (run, tag, rtl) in enumerate([*marked, *beside]):
        said = words(run)
        if number < len(marked) and (ours or rtl) and run.getparent().tag in _AROUND:
            wrap(run, {}, {"language": tag, "dir": "rtl" if rtl else "ltr"}, tracked)
        elif _primary(tag) != main:
            known = passed.setdefault(tag, Passed(tag, 0, said.strip()))
            known.count += word_count(said)
    return [each for each in passed.values() if each.count]


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


def _main(root: Any, styles: Any, marked: list[tuple[Any, str, bool]]) -> str:
    """The language of most words; what says nothing is in the file's own."""
    default = styles.find(f"{W}docDefaults//{W}lang") if styles is not None else None
    own = _primary(default.get(f"{W}val", "")) if default is not None else ""
    counted: Counter[str] = Counter({own: word_count(words(root))})
    for run, tag, _rtl in marked:
        count = word_count(words(run))
        counted[own] -= count
        counted[_primary(tag)] += count
    return max(counted, key=lambda each: counted[each])


def _primary(tag: str) -> str:
    return tag.split("-")[0].lower()

"""Citations and the list of sources, formatted by pandoc's citeproc in the brief's CSL style.

All citations of a publication go through one pandoc call: position, ibid. and disambiguation are
properties of the whole. What comes back is kept as pandoc's own inline JSON (``{"t", "c"}``), which
every renderer shows in its own way.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from document import addresses, canonical, csl, sandbox, styles, tree
from document.publication import Publication
from document.tree import Node

#: Formatted sets kept in the process: a set is a few hundred kilobytes at most.
KEPT = 32
REFERENCE = "#ref-"

Inline = dict[str, Any]
Inlines = list[Inline]


@dataclass(frozen=True)
class Entry:
    """One line of the list of sources."""

    key: str
    inlines: Inlines


@dataclass(frozen=True)
class Citations:
    """``clusters[n]`` is the text of the publication's n-th citation, in reading order.

    ``notes`` is true for a style that puts citations into notes.
    """

    notes: bool
    clusters: tuple[Inlines, ...]
    entries: tuple[Entry, ...]


def cited(docs: Iterable[Node]) -> list[Node]:
    """The citation nodes of some documents, in reading order, footnotes included."""
    return [node for doc in docs for node in tree.walk(doc) if node["type"] == "citation"]


def format_publication(publication: Publication) -> Citations:
    """Format every citation of a publication; the answer is remembered by its input's hash.

    Raises sandbox.SandboxError when pandoc fails, styles.UnknownStyle for an unknown style.
    """
    nodes = cited(section.doc for section in publication.sections)
    clusters = [list(tree.attr(node, "items", [])) for node in nodes]
    used = {item["source"] for items in clusters for item in items}
    sources = {key: publication.sources[key] for key in sorted(used) if key in publication.sources}
    return _remembered(clusters, sources, publication.style, publication.language)


_kept: OrderedDict[str, Citations] = OrderedDict()
_lock = Lock()


def _remembered(
    clusters: list[list[dict[str, str]]], sources: dict[str, dict[str, Any]], style: str, language: str
) -> Citations:
    key = canonical.digest([clusters, sources, style, language])
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    result = _format(clusters, sources, style, language)
    with _lock:
        _kept[key] = result
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return result


def _format(
    clusters: list[list[dict[str, str]]], sources: dict[str, dict[str, Any]], style: str, language: str
) -> Citations:
    sheet = styles.sheet(style)
    notes = styles.is_note_style(sheet)
    if not clusters:
        return Citations(notes, (), ())
    request = {
        "pandoc-api-version": [1, 23, 1],
        "meta": _meta(language),
        "blocks": [*(_question(items, sources, n) for n, items in enumerate(clusters)), _place_of_list()],
    }
    argv = [sandbox.pandoc_path(), "--sandbox", "--from=json", "--to=json", "--citeproc"]
    argv += ["--csl=style.csl", "--bibliography=sources.json"]
    items = [{**without_empty(item), "id": key} for key, item in sources.items()]
    for item in items:
        item.pop(csl.CUSTOM, None)
    files = {"style.csl": sheet.encode(), "sources.json": json.dumps(items).encode()}
    done = sandbox.run(argv, stdin=json.dumps(request).encode(), files=files, timeout=60)
    read = _read(json.loads(done.stdout)["blocks"], len(clusters), notes)
    return _directed(read, clusters, sources)


def _directed(read: Citations, clusters: list[list[dict[str, str]]], sources: dict[str, dict[str, Any]]) -> Citations:
    """With links that lead to the cited words (S0-7); what is shown of an address stays without them."""

    def leads(keys: Iterable[str]) -> dict[str, str]:
        found = [sources[key] for key in keys if key in sources]
        told = [(str(each.get("URL", "")), str(each.get(csl.CUSTOM, {}).get("text-directive", ""))) for each in found]
        return {url: addresses.join_directive(url, directive) for url, directive in told if url and directive}

    cited = (leads(item["source"] for item in items) for items in clusters)
    return Citations(
        read.notes,
        tuple(_linked(shown, wanted) for shown, wanted in zip(read.clusters, cited, strict=True)),
        tuple(Entry(entry.key, _linked(entry.inlines, leads([entry.key]))) for entry in read.entries),
    )


def _linked(inlines: Inlines, wanted: Mapping[str, str]) -> Inlines:
    return [_link(inline, wanted) for inline in inlines] if wanted else inlines


def _link(inline: Inline, wanted: Mapping[str, str]) -> Inline:
    """The inline with its links led to where ``wanted`` says."""
    content = inline.get("c")
    if inline["t"] == "Link":
        attributes, shown, (url, title) = inline["c"]
        return {"t": "Link", "c": [attributes, shown, [wanted.get(url, url), title]]}
    if inline["t"] in ("Span", "Quoted"):
        return {"t": inline["t"], "c": [inline["c"][0], _linked(inline["c"][1], wanted)]}
    if isinstance(content, list):
        return {"t": inline["t"], "c": _linked(content, wanted)}
    return inline


def without_empty(item: Mapping[str, Any]) -> dict[str, Any]:
    """A CSL item without empty fields: an empty date would crash a style, a missing one reads n.d."""
    return {key: value for key, value in item.items() if value not in ("", None, [], {})}


def _meta(language: str) -> dict[str, Any]:
    def text(value: str) -> dict[str, Any]:
        return {"t": "MetaInlines", "c": [{"t": "Str", "c": value}]}

    return {"lang": text(language), "link-citations": {"t": "MetaBool", "c": True}}


def _question(items: Sequence[Mapping[str, str]], sources: Mapping[str, Any], number: int) -> dict[str, Any]:
    """One paragraph with one citation; sources that do not exist are left to the renderer."""
    known = [item for item in items if item["source"] in sources]
    cite = [{"t": "Cite", "c": [[_item(item, number) for item in known], [{"t": "Str", "c": "?"}]]}]
    return {"t": "Para", "c": cite if known else []}


def _item(item: Mapping[str, str], number: int) -> dict[str, Any]:
    # citeproc reads a locator from the words after the key: ", p. 12" with its label.
    locator = item["locator"].strip()
    after = f", {locator}" if locator else ""
    after += f" {item['suffix'].strip()}" if item["suffix"].strip() else ""
    return {
        "citationId": item["source"],
        "citationPrefix": strings(item["prefix"].strip()),
        "citationSuffix": strings(after),
        "citationMode": {"t": "NormalCitation"},
        "citationNoteNum": number + 1,
        "citationHash": 0,
    }


def strings(text: str) -> Inlines:
    """Plain text as pandoc inlines."""
    result: Inlines = []
    for index, word in enumerate(text.split(" ")):
        if index:
            result.append({"t": "Space"})
        if word:
            result.append({"t": "Str", "c": word})
    return result


def _place_of_list() -> dict[str, Any]:
    return {"t": "Div", "c": [["refs", [], []], []]}


def _read(blocks: list[dict[str, Any]], count: int, notes: bool) -> Citations:
    clusters = tuple(_unnested(_cluster(block["c"])) for block in blocks[:count])
    entries: list[Entry] = []
    for block in blocks[count:]:
        if block["t"] == "Div" and block["c"][0][0] == "refs":
            entries = [_entry(entry) for entry in block["c"][1]]
    return Citations(notes, clusters, tuple(entries))


def _cluster(inlines: Inlines) -> Inlines:
    """The formatted text of one citation, out of the Cite and the Note that citeproc wraps it in."""
    result: Inlines = []
    for inline in inlines:
        if inline["t"] == "Cite":
            result += _cluster(inline["c"][1])
        elif inline["t"] == "Note":
            result += [each for block in inline["c"] for each in _cluster(block["c"])]
        else:
            result.append(inline)
    return result


def _unnested(inlines: Inlines) -> Inlines:
    """Without links inside links: of a whole note, only what stands before its address leads to the list."""
    result: Inlines = []
    for inline in inlines:
        inside = inline["c"][1] if inline["t"] == "Link" else []
        at = next((place for place, each in enumerate(inside) if _has_link(each)), None)
        if at is None:
            result.append(inline)
        else:
            attributes, _inside, target = inline["c"]
            result += [{"t": "Link", "c": [attributes, inside[:at], target]}] if at else []
            result += inside[at:]
    return result


def _has_link(inline: Inline) -> bool:
    if inline["t"] == "Link":
        return True
    content = inline.get("c")
    inside = content[1] if inline["t"] in ("Span", "Quoted") and content else content
    return isinstance(inside, list) and any(_has_link(each) for each in inside if isinstance(each, dict))


def _entry(div: dict[str, Any]) -> Entry:
    (identifier, _classes, _pairs), blocks = div["c"]
    inlines = [inline for block in blocks for inline in block["c"]]
    return Entry(identifier.removeprefix("ref-"), inlines)


def plain(inlines: Inlines) -> str:
    """Formatted text as plain words."""
    return "".join(_plain(inline) for inline in inlines)


def _plain(inline: Inline) -> str:
    kind: str = inline["t"]
    content: Any = inline.get("c")
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind == "Str":
        return str(content)
    if kind == "Quoted":
        opening, closing = ("“", "”") if content[0]["t"] == "DoubleQuote" else ("‘", "’")
        return opening + plain(content[1]) + closing
    if kind in ("Span", "Link"):
        return plain(content[1])
    return plain(content) if isinstance(content, list) else ""


def provisional(items: Iterable[Mapping[str, str]], sources: Mapping[str, Mapping[str, Any]]) -> str:
    """A citation in plain words without any program: for the writing room and as a fall-back."""
    parts = []
    for item in items:
        source = sources.get(item["source"])
        name = f"{author(source)} {year(source)}" if source else item["source"]
        locator = f", {item['locator']}" if item["locator"] else ""
        parts.append(" ".join(filter(None, [item["prefix"], name + locator, item["suffix"]])))
    return f"({'; '.join(parts)})"


def author(source: Mapping[str, Any]) -> str:
    """Who wrote a source, short: family or organisation's name, or its title."""
    names = source.get("author") or source.get("editor") or []
    shown = [str(name.get("family") or name.get("literal") or "") for name in names if isinstance(name, dict)]
    shown = [name for name in shown if name]
    if not shown:
        return str(source.get("publisher") or source.get("title") or source.get("id") or "")
    return shown[0] if len(shown) == 1 else f"{shown[0]} and {shown[1]}" if len(shown) == 2 else f"{shown[0]} et al."


def year(source: Mapping[str, Any], undated: str = "n.d.") -> str:
    """The year a source was issued, or “n.d.”."""
    parts = (source.get("issued") or {}).get("date-parts") or []
    if parts and parts[0] and parts[0][0]:
        return str(parts[0][0])
    return str((source.get("issued") or {}).get("literal") or undated)

"""A publication as typst source: the cover's data, then sections as calls of ``brief.typ``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from document import canonical, tree
from document.assembly import Assembly, direction
from document.characters import shorten
from document.moments import moment
from document.publication import FigureFile, Publication, SectionText
from document.tables import Grid
from document.typst import blocks, inline
from document.typst.code import Code, array, call, content, string
from document.typst.context import Context

_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg", "image/webp": "webp", "image/gif": "gif"}


@dataclass(frozen=True)
class Source:
    """What typst needs: the main file, the pictures by name, the moment of the build (seconds since
    1970), and the tables' grids in reading order for the header cells that typst cannot mark."""

    main: str
    files: dict[str, bytes] = field(default_factory=dict)
    seconds: int = 0
    tables: tuple[Grid, ...] = ()


def emit(assembly: Assembly) -> Source:
    """The whole publication as typst source."""
    publication = assembly.publication
    used = _used_figures(publication)
    names = {file.asset: f"figures/{n}.{_ENDINGS.get(file.media_type, 'bin')}" for n, file in enumerate(used, start=1)}
    context = Context(assembly, names, _targets(publication))
    lines = [Code("")]
    for section in publication.sections:
        lines += _section(section, context)
    lines += _lists(context)
    lines += _bibliography(context)
    lines += _imprint(context)
    main = "\n".join(
        [
            '#import "brief.typ": *',
            f"#show: brief.with({_meta(assembly)})",
            *(f"#{line}" if line else "" for line in lines),
        ]
    )
    files = {names[file.asset]: file.image.read_bytes() for file in used}
    return Source(main, files, _seconds(publication), tuple(context.grids))


def _used_figures(publication: Publication) -> list[FigureFile]:
    """The figures that the text shows, in reading order, each once."""
    assets = (
        str(tree.attr(node, "asset"))
        for section in publication.sections
        for node in tree.blocks(section.doc)
        if node["type"] == "figure"
    )
    return [publication.figures[asset] for asset in dict.fromkeys(assets) if asset in publication.figures]


def _targets(publication: Publication) -> set[str]:
    """Every block and section that a cross-reference names: only these get a label."""
    return {
        str(tree.attr(node, "target"))
        for section in publication.sections
        for node in tree.walk(section.doc)
        if node["type"] == "cross_reference"
    }


def _seconds(publication: Publication) -> int:
    return int(moment(publication).timestamp())


def _meta(assembly: Assembly) -> str:
    publication, labels = assembly.publication, assembly.labels
    language, region = inline.locale(publication.language)
    at = moment(publication)
    date = Code(f"datetime(year: {at.year}, month: {at.month}, day: {at.day}, hour: {at.hour}, ")
    date = Code(f"{date}minute: {at.minute}, second: {at.second})")
    edition = str(labels.edition).format(edition=publication.edition)
    line = " · ".join(filter(None, [edition, labels.day(publication.dated) if publication.dated else ""]))
    fields = {
        "title": inline.words(publication.title),
        "subtitle": inline.optional(publication.subtitle),
        "summary": inline.optional(publication.summary),
        "organisations": array(inline.words(name) for name in publication.organisations),
        "lang": string(language or "en"),
        "region": string(region) if region else Code("none"),
        "dir": Code(direction(publication.language)),
        "date": date,
        "running": inline.words(shorten(publication.title, 45)),
        "footer": inline.words(edition),
        "imprint-line": inline.words(line),
        "contents": inline.words(str(labels.contents)),
    }
    return "(" + ", ".join(f"{key}: {given}" for key, given in fields.items()) + ")"


def _section(section: SectionText, context: Context) -> Iterable[Code]:
    notice = inline.optional(section.content_notice)
    label = inline.words(str(context.assembly.labels.content_notice))
    start = context.label(section.id)
    head = call("section", inline.words(section.title or "…"), notice, label, start, 1 + section.depth)
    language, region = inline.locale(section.language)
    body = [head, *(shown for node in tree.children(section.doc) if (shown := blocks.top(node, context)))]
    if not language or section.language == context.assembly.publication.language:
        yield from body
        return
    named = {"lang": string(language), "dir": Code(direction(section.language))}
    if region:
        named["region"] = string(region)
    yield call("text", content(body), **named)


def _lists(context: Context) -> Iterable[Code]:
    """Acronyms and glossary, where there are any."""
    publication, labels = context.assembly.publication, context.assembly.labels
    lists = [
        (labels.acronyms, [(each.short, each.long, "") for each in publication.acronyms]),
        (labels.glossary, [(each.term, each.text, each.source) for each in publication.glossary]),
    ]
    for title, entries in lists:
        if entries:
            yield call("heading", inline.words(str(title)), level=1)
        for term, told, source in entries:
            rest = " ".join(filter(None, ["", told, source]))
            yield call("par", content([call("strong", inline.words(term)), inline.words(rest)]))


def _bibliography(context: Context) -> Iterable[Code]:
    entries = context.assembly.sources()
    if not entries:
        return
    yield call("heading", inline.words(str(context.assembly.labels.sources)), level=1)
    for entry in entries:
        shown = inline.formatted(entry.inlines, context)
        yield call("source", context.always_label(f"ref-{entry.key}"), shown)


def _imprint(context: Context) -> Iterable[Code]:
    publication, labels = context.assembly.publication, context.assembly.labels
    imprint = publication.imprint
    yield Code("pagebreak()")
    yield call("heading", inline.words(str(labels.imprint)), level=1)
    licence = inline.words(imprint.licence)
    if imprint.licence_url.startswith(("https://", "http://")):
        licence = call("link", string(imprint.licence_url), inline.words(imprint.licence or imprint.licence_url))
    contact = inline.words(imprint.contact)
    if re.fullmatch(r"[^\s@:]+@[^\s@:]+", imprint.contact):
        contact = call("link", string(f"mailto:{imprint.contact}"), inline.words(imprint.contact))
    rows = [
        (labels.published_by, " · ".join(publication.organisations), None),
        (labels.isbn, imprint.isbn, None),
        ("", imprint.copyright, None),
        (labels.licence, imprint.licence or imprint.licence_url, licence),
        (labels.disclaimer, imprint.disclaimer, None),
        (labels.contact, imprint.contact, contact),
        (labels.acknowledgements, imprint.acknowledgements, None),
    ]
    for label, value, shown in rows:
        if value:
            yield _imprint_row(str(label), shown or inline.words(value))
    if publication.content_hash:
        yield _imprint_row(str(labels.content_hash), call("mono", inline.words(publication.content_hash)))
        yield _imprint_row(str(labels.content_words), inline.words(canonical.words(publication.content_hash)))


def _imprint_row(label: str, shown: Code) -> Code:
    head = [call("small", call("strong", inline.words(label))), Code("linebreak()")] if label else []
    return call("par", content([*head, shown]))

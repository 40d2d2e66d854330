"""A publication as one pandoc document: metadata, sections, list of sources, imprint."""

from __future__ import annotations

import re
import uuid
from typing import Any

from document import canonical, tree
from document.assembly import Assembly, direction
from document.pandoc import ast, blocks, inline
from document.pandoc.ast import Block, Inline
from document.pandoc.context import Context, Target
from document.publication import Publication, SectionText

#: Names the EPUBs of this product; a publication's identifier is derived from it.
_NAMESPACE = uuid.UUID("6f0e7a52-2f1c-5b0e-9d7c-3a1f6c0b8e11")


def identifier(publication: Publication) -> str:
    """A publication's fixed identifier: the same edition with the same content has the same."""
    name = f"{publication.slug}/{publication.edition}/{publication.language}/{publication.content_hash}"
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, name)}"


def whole(assembly: Assembly, target: Target) -> dict[str, Any]:
    """The pandoc document for Word or EPUB."""
    context = Context(assembly, target)
    return ast.document(_metadata(context), [*_text(context), *_imprint(context)])


def drafted(context: Context) -> list[Block]:
    """The text of a draft: sections and sources; an imprint is for what is published."""
    return _text(context)


def _text(context: Context) -> list[Block]:
    shown: list[Block] = []
    for section in context.assembly.publication.sections:
        shown += _section(section, context)
    return shown + _lists(context) + _sources(context)


def _metadata(context: Context) -> dict[str, Any]:
    publication, labels = context.assembly.publication, context.assembly.labels
    edition = str(labels.edition).format(edition=publication.edition)
    date = labels.day(publication.dated) if publication.dated else ""
    common: dict[str, Any] = {
        "title": publication.title,
        "subtitle": publication.subtitle,
        "lang": publication.language,
        "dir": direction(publication.language) if direction(publication.language) == "rtl" else "",
    }
    if context.target == "docx":
        # Word's core properties name the publishers, never a person.
        lines = [*publication.organisations]
        return common | {"author": lines, "date": " · ".join(filter(None, [edition, date]))}
    return common | {
        "identifier": {"scheme": "uuid", "text": identifier(publication)},
        "creator": list(publication.organisations),
        "publisher": " · ".join(publication.organisations),
        "date": publication.dated.isoformat() if publication.dated else "",
        "description": publication.summary,
        "rights": " ".join(filter(None, [publication.imprint.copyright, publication.imprint.licence])),
    }


def _section(section: SectionText, context: Context) -> list[Block]:
    name = f"section-{section.id}"
    words = inline.remarked(name, ast.text(section.title or "…"), context)
    own: dict[str, str] = {}
    if section.language and section.language != context.assembly.publication.language:
        own = {"lang": section.language, "dir": direction(section.language)}
    heading = ast.header(1 + section.depth, words, ast.attr(name, **own))
    shown: list[Block] = []
    if section.content_notice:
        label = ast.wrap("Strong", ast.text(str(context.assembly.labels.content_notice)))
        words = [label, ast.SPACE, *ast.text(section.content_notice)]
        shown.append(ast.div(context.styled("Content Notice", "content-notice"), [ast.para(words)]))
    for node in tree.children(section.doc):
        shown += blocks.top(node, context)
    if own:
        shown = [ast.div(ast.attr(**own), shown)]
    return [heading, *shown]


def _lists(context: Context) -> list[Block]:
    """Acronyms and glossary, where there are any."""
    publication, labels = context.assembly.publication, context.assembly.labels
    lists = [
        ("acronyms", labels.acronyms, [(each.short, each.long, "") for each in publication.acronyms]),
        ("glossary", labels.glossary, [(each.term, each.text, each.source) for each in publication.glossary]),
    ]
    shown: list[Block] = []
    for name, title, entries in lists:
        if entries:
            shown.append(ast.header(1, ast.text(str(title)), ast.attr(name)))
        for term, told, source in entries:
            rest = ast.text(" ".join(filter(None, [told, source])))
            shown.append(ast.para([ast.wrap("Strong", ast.text(term)), ast.SPACE, *rest]))
    return shown


def _sources(context: Context) -> list[Block]:
    entries = context.assembly.sources()
    if not entries:
        return []
    shown = [ast.header(1, ast.text(str(context.assembly.labels.sources)), ast.attr("sources"))]
    for entry in entries:
        words = [ast.span(ast.attr(f"ref-{entry.key}"), []), *inline.formatted(entry.inlines)]
        shown.append(ast.div(context.styled("Bibliography", "source"), [ast.para(words)]))
    return shown


def _imprint(context: Context) -> list[Block]:
    publication, labels = context.assembly.publication, context.assembly.labels
    imprint = publication.imprint
    licence = ast.text(imprint.licence or imprint.licence_url)
    if imprint.licence_url.startswith(("https://", "http://")):
        licence = [ast.link(imprint.licence_url, licence)]
    contact = ast.text(imprint.contact)
    if re.fullmatch(r"[^\s@:]+@[^\s@:]+", imprint.contact):
        contact = [ast.link(f"mailto:{imprint.contact}", contact)]
    rows: list[tuple[str, str, list[Inline]]] = [
        (labels.published_by, "yes", ast.text(" · ".join(publication.organisations))),
        (labels.isbn, imprint.isbn, ast.text(imprint.isbn)),
        ("", imprint.copyright, ast.text(imprint.copyright)),
        (labels.licence, imprint.licence or imprint.licence_url, licence),
        (labels.disclaimer, imprint.disclaimer, ast.text(imprint.disclaimer)),
        (labels.contact, imprint.contact, contact),
        (labels.acknowledgements, imprint.acknowledgements, ast.text(imprint.acknowledgements)),
    ]
    if publication.content_hash:
        hashed = publication.content_hash
        rows.append((labels.content_hash, hashed, ast.text(hashed)))
        rows.append((labels.content_words, hashed, ast.text(canonical.words(hashed))))
    shown = [ast.header(1, ast.text(str(labels.imprint)), ast.attr("imprint"))]
    for label, given, words in rows:
        if given:
            head = [ast.wrap("Strong", ast.text(str(label))), ast.BREAK] if label else []
            shown.append(ast.div(context.styled("Imprint", "imprint"), [ast.para([*head, *words])]))
    return shown

"""A frozen version as what renderers are given. Nothing of people is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models.fields.files import FieldFile

from brief import library, texts
from brief.models import Brief, Figure, Section, Source, Version, VersionSection
from document import csl
from document.checks.records import Acronym, Register
from document.publication import Entry, FigureFile, Imprint, Publication, SectionText
from ledger.clock import database_now


def sections(version: Version) -> list[VersionSection]:
    """The version's sections in order, with their texts, in one query."""
    return list(version.sections.select_related("text").order_by("order"))


def section_text(frozen: VersionSection, language: str = "") -> SectionText:
    """``language`` is the section's own; empty stands for the brief's."""
    return SectionText(
        id=str(frozen.section_id),
        title=frozen.title,
        doc=json.loads(frozen.text.body),
        first_number=frozen.first_number,
        content_notice=frozen.content_notice,
        language=language,
        depth=frozen.depth,
    )


def of_version(version: Version, *, edition: str = "1.0") -> Publication:
    """Everything that a renderer needs of a version, from five queries."""
    brief = version.brief
    apparatus: dict[str, Any] = json.loads(version.apparatus.body)
    languages, words = apparatus.get("languages", {}), apparatus.get("words", {})
    return Publication(
        title=version.title,
        subtitle=version.subtitle,
        summary=apparatus["summary"],
        language=apparatus["language"],
        organisations=tuple(row.organisation.name for row in brief.publishers.select_related("organisation")),
        sections=tuple(
            section_text(frozen, languages.get(str(frozen.section_id), apparatus["language"]))
            for frozen in sections(version)
        ),
        sources={key: csl.outward(item) for key, item in apparatus["sources"].items()},
        figures=figure_files(brief, apparatus["figures"]),
        style=apparatus["style"],
        imprint=imprint(brief),
        slug=brief.slug,
        edition=edition,
        content_hash=version.content_hash,
        dated=version.at.date(),
        built_at=version.at,
        register=Register.from_json(apparatus.get("claims", {})),
        acronyms=tuple(Acronym(**each) for each in words.get("acronyms", ())),
        glossary=tuple(Entry(**each) for each in words.get("definitions", ())),
    )


def of_today(brief: Brief) -> Publication:
    """The living text as a publication, for the authors' own eyes; five queries."""
    rows = list(Section.objects.filter(brief=brief, deleted_at=None).order_by("order", "id"))
    found = texts.many(rows)
    now = database_now()
    return Publication(
        title=brief.title,
        subtitle=brief.subtitle,
        summary=brief.summary,
        language=brief.language,
        organisations=tuple(row.organisation.name for row in brief.publishers.select_related("organisation")),
        sections=tuple(
            SectionText(
                id=str(row.pk),
                title=row.title,
                doc=json.loads(found[row.pk]),
                content_notice=row.content_notice,
                language=row.language or brief.language,
                depth=row.depth,
            )
            for row in rows
        ),
        sources={source.key: csl.outward(library.frozen(source)) for source in Source.objects.filter(brief=brief)},
        figures=_files(Figure.objects.filter(brief=brief)),
        style=brief.citation_style,
        imprint=imprint(brief),
        slug=brief.slug,
        dated=now.date(),
        built_at=now,
    )


def imprint(brief: Brief) -> Imprint:
    return Imprint(
        isbn=brief.isbn,
        copyright=brief.copyright,
        licence=brief.licence,
        licence_url=brief.licence_url,
        disclaimer=brief.disclaimer,
        contact=brief.contact,
        acknowledgements=brief.acknowledgements,
    )


def figure_files(brief: Brief, frozen: Iterable[str]) -> dict[str, FigureFile]:
    return _files(Figure.objects.filter(brief=brief, pk__in=list(frozen)))


def _files(rows: Iterable[Figure]) -> dict[str, FigureFile]:
    return {
        str(row.pk): FigureFile(str(row.pk), Stored(row.file), row.media_type, row.width, row.height) for row in rows
    }


@dataclass(frozen=True)
class Stored:
    """The bytes of a private file, wherever it lies."""

    file: FieldFile

    def read_bytes(self) -> bytes:
        with self.file.open("rb") as opened:
            content: bytes = opened.read()
        return content

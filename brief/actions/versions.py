"""Freezing: an immutable, hashed, numbered snapshot of the whole brief."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from brief import frozen_registers, library, texts
from brief.models import Brief, Figure, Section, Source, Text, Version, VersionSection
from brief.permissions import freeze as may_freeze
from brief.policies import check_may_freeze
from brief.states import OrderDraft
from document import canonical, numbering, tree
from ledger.actions import Done, action
from ledger.refusals import NotNow


@action("version.frozen")
def freeze(*, actor: Any, brief: Brief, order_draft: str, note: str = "", name: str = "") -> Done:
    """Freeze today's text as the next version: paragraph numbers, canonical texts, content hash."""
    may_freeze(actor, brief)
    locked = Brief.objects.select_for_update().get(pk=brief.pk)
    check_may_freeze(locked)
    # Locking every section lets a step that is on its way arrive first, or be refused after.
    rows = list(Section.objects.select_for_update().filter(brief=brief, deleted_at=None).order_by("order", "id"))
    if not rows:
        raise NotNow(_("There is nothing to freeze yet: add a section first."), code="empty")
    documents = {row.pk: json.loads(text) for row, text in zip(rows, _texts(rows), strict=True)}
    bodies = {row.pk: canonical.dumps(documents[row.pk]) for row in rows}
    apparatus = _apparatus(locked, list(documents.values())) | _languages(rows)
    version = _write(locked, actor, order_draft, (note, name), rows, documents, bodies, apparatus)
    return Done(subject=version, scope=brief.pk, data={"number": version.number, "hash": version.content_hash})


def _texts(rows: list[Section]) -> list[str]:
    found = texts.many(rows)
    return [found[row.pk] for row in rows]


def _languages(rows: list[Section]) -> dict[str, Any]:
    """Which sections are in another language than the brief; nothing at all when none is."""
    own = {str(row.pk): row.language for row in rows if row.language}
    return {"languages": own} if own else {}


def _apparatus(brief: Brief, documents: list[tree.Node]) -> dict[str, Any]:
    """What the texts refer to: cited sources, shown figures, and the brief's own words."""
    cited: set[str] = set()
    shown: set[str] = set()
    for node in (node for doc in documents for node in tree.walk(doc)):
        if node["type"] == "citation":
            cited |= {item["source"] for item in tree.attr(node, "items", [])}
        elif node["type"] == "figure" and tree.attr(node, "asset"):
            shown.add(tree.attr(node, "asset"))
    sources = Source.objects.filter(brief=brief, key__in=cited)
    figures = [figure for figure in Figure.objects.filter(brief=brief) if str(figure.pk) in shown]
    return {
        "sources": {source.key: library.frozen(source) for source in sources},
        "figures": {
            str(figure.pk): {
                "sha256": figure.sha256,
                "media_type": figure.media_type,
                "width": figure.width,
                "height": figure.height,
            }
            for figure in figures
        },
        "objectives": [objective.text for objective in brief.objectives.all()],
        "style": brief.citation_style,
        "language": brief.language,
        "summary": brief.summary,
        **frozen_registers.frozen(brief, documents),
    }


def _write(
    brief: Brief,
    actor: Any,
    order_draft: str,
    words: tuple[str, str],
    rows: list[Section],
    documents: dict[Any, tree.Node],
    bodies: dict[Any, str],
    apparatus: dict[str, Any],
) -> Version:
    shas = {pk: canonical.sha256(body) for pk, body in bodies.items()}
    apparatus_text = canonical.dumps(apparatus)
    apparatus_sha = canonical.sha256(apparatus_text)
    kept = {shas[pk]: body for pk, body in bodies.items()} | {apparatus_sha: apparatus_text}
    Text.objects.bulk_create((Text(sha256=sha, body=body) for sha, body in kept.items()), ignore_conflicts=True)
    last = Version.objects.filter(brief=brief).aggregate(last=Max("number"))["last"] or 0
    version = Version.objects.create(
        brief=brief,
        number=last + 1,
        order_draft=OrderDraft(order_draft),
        title=brief.title,
        subtitle=brief.subtitle,
        content_hash=_content_hash(brief, rows, shas, apparatus),
        apparatus_id=apparatus_sha,
        note=words[0].strip(),
        name=words[1].strip(),
        created_by=actor if getattr(actor, "pk", None) else None,
    )
    numbered = numbering.number([(str(row.pk), row.title, documents[row.pk]) for row in rows])
    VersionSection.objects.bulk_create(
        VersionSection(
            version=version,
            section=row,
            section_version=row.version,
            order=order,
            depth=row.depth,
            title=row.title,
            content_notice=row.content_notice,
            text_id=shas[row.pk],
            first_number=first,
            numbering_rule=numbering.RULE,
            words=tree.words(documents[row.pk]),
        )
        for order, (row, first) in enumerate(_first_numbers(rows, documents, numbered))
    )
    return version


def _first_numbers(
    rows: list[Section], documents: dict[Any, tree.Node], numbered: numbering.Numbering
) -> list[tuple[Section, int]]:
    """Each section with the number its first numbered paragraph has, or would have."""
    first, result = 1, []
    for row in rows:
        result.append((row, first))
        first += sum(tree.block_id(node) in numbered.paragraphs for node in tree.children(documents[row.pk]))
    return result


def _content_hash(brief: Brief, rows: list[Section], shas: dict[Any, str], apparatus: dict[str, Any]) -> str:
    return canonical.content_hash(
        sections=[
            canonical.SectionDigest(
                id=str(row.pk), title=row.title, text=shas[row.pk], notice=row.content_notice, depth=row.depth
            )
            for row in rows
        ],
        figures={key: figure["sha256"] for key, figure in apparatus["figures"].items()},
        sources=apparatus["sources"],
        claims=[apparatus["claims"]] if "claims" in apparatus else [],
        objectives=apparatus["objectives"],
        head={
            "title": brief.title,
            "subtitle": brief.subtitle,
            "summary": brief.summary,
            "language": brief.language,
            **{name: apparatus[name] for name in ("languages", "words") if name in apparatus},
            "style": brief.citation_style,
        },
    )

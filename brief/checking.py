"""The checks of a brief: made by a job, kept by (section, version), shown with what was set aside.

Nothing here runs while somebody types, and pages only read. What a text says is read again when its version or
the brief's records changed; how the sections and the register go together is worked out when it is shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils import timezone

from brief import texts
from brief.models import Brief, Section, SectionCheck, SetAside
from brief.registers import records_of, register_of
from document import checks
from document.checks import Finding, Located, Reading, Records
from document.checks.records import Register
from ledger import jobs


def ask(brief: UUID, *, about: str = "") -> None:
    """Have the brief looked at after the commit; with ``about`` once for that."""
    jobs.enqueue(
        "brief.checks", key=f"checks:{brief}:{about or uuid4().hex}", payload={"brief": str(brief)}, scope=brief
    )


def run(brief: Brief) -> int:
    """Read every section whose text or whose brief's records changed; how many were read.

    Idempotent: a second run finds nothing left to do.
    """
    records = records_of(brief)
    sections = list(Section.objects.filter(brief=brief, deleted_at=None).order_by("order", "id"))
    kept = dict(SectionCheck.objects.filter(section__in=sections).values_list("section", "version"))
    stamps = {row.pk: _stamp(records, row) for row in sections}
    fresh = set(
        SectionCheck.objects.filter(section__in=sections, stamp__in=stamps.values()).values_list("section", "stamp")
    )
    old = [row for row in sections if kept.get(row.pk) != row.version or (row.pk, stamps[row.pk]) not in fresh]
    bodies = texts.many(old)
    rows = []
    for row in old:
        own = replace(records, language=row.language) if row.language else records
        reading = checks.read(json.loads(bodies[row.pk]), own, content_notice=row.content_notice)
        body = json.dumps(reading.to_json(), ensure_ascii=False)
        rows.append(
            SectionCheck(section=row, version=row.version, stamp=stamps[row.pk], reading=body, at=timezone.now())
        )
    fields = ["version", "stamp", "reading", "at"]
    SectionCheck.objects.bulk_create(rows, update_conflicts=True, unique_fields=["section"], update_fields=fields)
    return len(rows)


def _stamp(records: Records, section: Section) -> str:
    """What the section itself says of its text counts, too: its language, whether it has a notice."""
    notice = "n" if section.content_notice.strip() else "-"
    return f"{records.stamp[:40]}{notice}{section.language}"[:64]


@dataclass(frozen=True)
class Look:
    """What the checks say of a brief today."""

    findings: list[Finding]
    #: Finding's mark → why it stands.
    aside: dict[str, SetAside]
    #: Living sections in order, and those of them that changed since they were read.
    sections: list[Section]
    waiting: list[Section]
    readings: list[Located]
    records: Records
    register: Register

    @property
    def open(self) -> list[Finding]:
        return [each for each in self.findings if each.mark not in self.aside]

    @property
    def acronyms(self) -> dict[str, str]:
        return checks.acronyms_of(self.readings, self.records)


def look(brief: Brief, *, today: date | None = None) -> Look:
    """Nine queries whatever the brief holds."""
    sections = list(Section.objects.filter(brief=brief, deleted_at=None).defer("snapshot").order_by("order", "id"))
    kept = {row.section_id: row for row in SectionCheck.objects.filter(section__in=[row.pk for row in sections])}
    records, register = records_of(brief), register_of(brief)
    readings = [
        Located(str(row.pk), Reading.from_json(json.loads(kept[row.pk].reading))) for row in sections if row.pk in kept
    ]
    # A text as it is when nothing was written needs no reading.
    waiting = [row for row in sections if row.version and (row.pk not in kept or kept[row.pk].version != row.version)]
    return Look(
        findings=checks.judge(readings, records, register, today or timezone.localdate()) + _glossary(brief),
        aside={row.mark: row for row in SetAside.objects.filter(brief=brief, ended_at=None).select_related("by")},
        sections=sections,
        waiting=waiting,
        readings=readings,
        records=records,
        register=register,
    )


def _glossary(brief: Brief) -> list[Finding]:
    rows = brief.definitions.filter(Q(source=None)).values_list("pk", "term")
    return [Finding("definition-source", words=term, subject=f"definition-{pk}") for pk, term in rows]

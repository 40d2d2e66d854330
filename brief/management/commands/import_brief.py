"""Import a draft from the command line, with the outline as proposed."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Organisation, User
from brief import actions
from brief.import_jobs import read
from brief.models import Brief, ImportDraft
from brief.states import ImportState
from document.importing import Finding, Report
from document.importing.report import COUNTED
from ledger.jobs import Running
from ledger.models import Job
from ledger.refusals import Refusal


class Command(BaseCommand):
    help = "Import a Word, ODT, HTML, Markdown or text file as a brief, and print the counts found and kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--title", default="", help="title of the new brief (default: found in the file)")
        parser.add_argument("--brief", default="", help="slug of an existing brief to import into")
        parser.add_argument("--by", default="", help="e-mail address of the author (default: a lead author)")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            with transaction.atomic():
                outcome = self._import(path, options)
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(json.dumps(outcome, ensure_ascii=False, indent=2) if options["json"] else _table(outcome))

    def _import(self, path: Path, options: dict[str, Any]) -> dict[str, Any]:
        brief, author = self._brief(path, options)
        draft = actions.upload_draft(actor=author, brief=brief, content=path.read_bytes(), name=path.name)
        job = Job.objects.get(key=f"draft.read:{draft.pk}")
        read(Running(job))
        draft = ImportDraft.objects.get(pk=draft.pk)
        draft.brief = brief
        if draft.status == ImportState.REFUSED:
            raise CommandError(draft.sentence)
        title = options["title"] or json.loads(draft.reading)["title"]
        if title and not options["brief"]:
            actions.edit_brief(actor=author, brief=brief, title=title[:200])
        sections = actions.confirm_import(actor=author, draft=draft)
        return _outcome(brief, sections, ImportDraft.objects.get(pk=draft.pk))

    def _brief(self, path: Path, options: dict[str, Any]) -> tuple[Brief, User]:
        if options["brief"]:
            brief = Brief.objects.filter(slug=options["brief"]).first()
            if brief is None:
                raise CommandError(f"There is no brief “{options['brief']}”.")
            people = User.objects.filter(roles__brief=brief, roles__role="lead_author")
            author = User.objects.filter(email=options["by"]).first() if options["by"] else people.first()
            if author is None:
                raise CommandError("Nobody to import as: name an author with --by.")
            return brief, author
        author = self._author(options["by"])
        owners = list(Organisation.objects.order_by("pk")[:2])
        if author.organisation and author.organisation not in owners:
            owners = [author.organisation, *owners[:1]]
        title = options["title"] or path.stem.replace("-", " ").capitalize()
        return actions.create_brief(actor=author, title=title[:200], organisations=owners), author

    def _author(self, address: str) -> User:
        people = User.objects.filter(is_active=True).exclude(organisation=None).order_by("pk")
        author = people.filter(email=address).first() if address else people.first()
        if author is None:
            raise CommandError("There is nobody of an organisation to import as. Load the example or add an account.")
        return author


def _outcome(brief: Brief, sections: list[Any], draft: ImportDraft) -> dict[str, Any]:
    report = Report.from_json(json.loads(draft.report))
    return {
        "brief": str(brief.pk),
        "slug": brief.slug,
        "title": brief.title,
        "sections": [{"title": section.title, "words": section.words} for section in sections],
        "counts": {name: {"found": report.found[name], "kept": report.kept[name]} for name in COUNTED},
        **{
            group: [
                {"sentence": each.sentence(), "section": each.section, "at": each.excerpt}
                for each in report.under(group)
            ]
            for group in ("repaired", "left_out", "pointed_out")
        },
    }


def _line(finding: Finding) -> dict[str, str]:
    return {"sentence": finding.sentence(), "section": finding.section, "at": finding.excerpt}


def _table(outcome: dict[str, Any]) -> str:
    lines = [f"{outcome['title']} ({outcome['slug']})", ""]
    lines += [f"  {section['words']:>7,}  {section['title']}" for section in outcome["sections"]]
    lines += ["", f"  {'':<12}{'found':>9}{'kept':>9}"]
    lines += [f"  {name:<12}{each['found']:>9,}{each['kept']:>9,}" for name, each in outcome["counts"].items()]
    for group, heading in (("pointed_out", "To look at"), ("left_out", "Left out"), ("repaired", "Repaired")):
        lines += ["", f"{heading}:"] + [f"  {line}" for line in _said(outcome[group])]
    return "\n".join(lines)


def _said(findings: list[dict[str, str]]) -> list[str]:
    """Each sentence once, with how often."""
    times: dict[str, int] = {}
    for finding in findings:
        times[finding["sentence"]] = times.get(finding["sentence"], 0) + 1
    return [sentence if count == 1 else f"{sentence} (× {count})" for sentence, count in times.items()]

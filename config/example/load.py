"""Loading the example, through the same actions that people use."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from brief import steps
from brief.actions import (
    add_figure,
    add_objective,
    add_section,
    add_source,
    cover_objective,
    create_brief,
    edit_brief,
    edit_section,
    set_status,
)
from brief.models import Brief, Objective, Section
from brief.states import OrderDraft
from config.example import editions, library, people, register, talk
from config.example.drafts import rewrite
from config.example.figures import FIGURES
from config.example.notation import Names, SectionFile
from config.example.rounds import Rounds
from document import tree


def load() -> tuple[Brief, bool]:
    """The example brief, and whether it was made now: all of it, or nothing."""
    found = Brief.objects.filter(slug=library.story()["brief"]["slug"]).first()
    if found:
        return found, False
    with transaction.atomic():
        return _Loading().everything(), True


class _Loading:
    """What has been made so far, by the names that the story uses."""

    def __init__(self) -> None:
        self.story = library.story()
        self.owners: dict[str, Organisation] = people.organisations()
        self.cast: dict[str, User] = people.people(self.owners)
        self.files: dict[str, SectionFile] = {file.label: file for file in library.sections()}
        self.sections: dict[str, Section] = {}
        self.objectives: list[Objective] = []
        self.brief = self._brief()

    def everything(self) -> Brief:
        self.figures = {
            name: str(add_figure(actor=self.lead, brief=self.brief, content=draw(), name=f"{name}.png").pk)
            for name, draw in FIGURES.items()
        }
        for source in library.sources():
            beside = source.get("custom", {})
            add_source(actor=self.lead, brief=self.brief, csl=source, key=source["id"], **beside)
        register.begin(self.brief, self.lead)
        self._first_draft()
        editions.publish(self.brief, self.cast, self.story["event"])
        rounds = Rounds(self.brief, self.cast, self.sections, self.story)
        self._next_draft(1, OrderDraft.FIRST)
        rounds.first()
        self._next_draft(2, OrderDraft.SECOND)
        rounds.second()
        talk.threads(self.cast, self.sections, self.story["threads"])
        told = self.story["suggestion"]
        talk.suggestion(self.brief, self.cast["second"], self.sections[told["section"]], told)
        register.agree(self.brief, self.cast, self.sections)
        return self.brief

    @property
    def lead(self) -> User:
        return self.cast["lead"]

    @property
    def names(self) -> Names:
        return library.names({label: str(section.pk) for label, section in self.sections.items()}, self.figures)

    def _brief(self) -> Brief:
        today = timezone.localdate()
        fields = {
            **self.story["brief"],
            "launch_from": today + timedelta(days=60),
            "launch_to": today + timedelta(days=90),
        }
        brief: Brief = create_brief(actor=self.cast["lead"], organisations=self.owners.values(), **fields)
        people.roles(brief, self.cast, self.owners)
        for text in self.story["objectives"]:
            self.objectives.append(add_objective(actor=self.cast["lead"], brief=brief, text=text))
        return brief

    def _first_draft(self) -> None:
        """Sections first, empty, so that texts can refer to one another; then their words."""
        for label, file in self.files.items():
            if file.first == 1:
                self._section(label)
        for label, section in self.sections.items():
            self._fill(section, self.files[label].document(1, self.names))
        self._cover()

    def _next_draft(self, draft: int, order: str) -> None:
        """From ``draft`` to the next: new sections, and changed blocks in those there are."""
        edit_brief(actor=self.lead, brief=self.brief, order_draft=order)
        for place, (label, file) in enumerate(self.files.items()):
            if file.first == draft + 1:
                self._section(label, order=place)
        for label, section in self.sections.items():
            section.refresh_from_db()
            if self.files[label].first == draft + 1:
                self._fill(section, self.files[label].document(draft + 1, self.names))
            else:
                rewrite(self._author(label), section, self.files[label], draft, self.names)
        self._cover()

    def _section(self, label: str, order: int | None = None) -> None:
        header = self.files[label].header
        depth = int(header.get("Depth", 0))
        section = add_section(actor=self.lead, brief=self.brief, title=header["Title"], order=order, depth=depth)
        self.sections[label] = edit_section(
            actor=self.lead,
            section=section,
            assignee=self._author(label),
            target_words=int(header.get("Target", 0)),
            content_notice=header.get("Notice", ""),
        )

    def _fill(self, section: Section, doc: tree.Node) -> None:
        edits = [{"op": "replace_document", "doc": doc}]
        steps.edit(actor=section.assignee or self.lead, section=section, edits=edits)
        section.refresh_from_db()
        set_status(actor=self.lead, section=section, name="finish")

    def _author(self, label: str) -> User:
        return self.cast[self.files[label].header.get("Assignee", "lead")]

    def _cover(self) -> None:
        for number, objective in enumerate(self.objectives, start=1):
            covering = [
                section
                for label, section in self.sections.items()
                if str(number) in self.files[label].header.get("Objectives", "").split()
            ]
            cover_objective(actor=self.lead, brief=self.brief, objective=objective, sections=covering)

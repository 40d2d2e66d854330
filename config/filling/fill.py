"""One brief of a wanted size, with its people, threads, versions, round and release."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.db import connection

from accounts.models import Organisation, User
from brief import steps, texts
from brief.actions import add_objective, add_section, cover_objective, create_brief, freeze
from brief.models import Brief, Section, Thread, Version
from brief.states import OrderDraft
from config.filling.people import People, give_roles, make_people
from config.filling.releases import IMPRINT, make_release
from config.filling.rounds import add_comments, open_round, settle
from config.filling.texts import add_threads, document, paragraph
from release.models import Release
from review.models import Invitation, ReviewThread, Round


@dataclass(frozen=True)
class Filled:
    """What was made. ``version`` is the newest; ``round`` and ``release`` are None when none was wanted."""

    brief: Brief
    people: People
    sections: list[Section]
    threads: list[Thread]
    versions: list[Version]
    round: Round | None
    invitations: list[Invitation]
    comments: list[ReviewThread]
    release: Release | None

    @property
    def organisations(self) -> list[Organisation]:
        return self.people.organisations

    @property
    def authors(self) -> list[User]:
        return self.people.authors

    @property
    def lead(self) -> User:
        return self.people.lead

    @property
    def editor(self) -> User:
        return self.people.editor

    @property
    def approvers(self) -> list[User]:
        return self.people.approvers

    @property
    def press(self) -> User:
        return self.people.press

    @property
    def section(self) -> Section:
        return self.sections[0]

    @property
    def version(self) -> Version | None:
        return self.versions[-1] if self.versions else None

    @property
    def reviewers(self) -> list[User]:
        return [each.user for each in self.invitations if each.user is not None]


def fill(
    *,
    words: int = 5000,
    sections: int = 1,
    threads: int = 0,
    versions: int = 1,
    reviewers: int = 3,
    comments: int = 0,
    authors: int = 2,
    released: str | bool = False,
    embargo: timedelta = timedelta(days=1),
    people: People | None = None,
    seed: int = 1,
) -> Filled:
    """Make a new brief of ``words`` words in all, through actions where they are few and rows where many.

    ``threads`` are the authors', ``comments`` the reviewers' (a round is opened when there are
    reviewers and a version). ``released`` is "built", "signed", "embargoed" or "public" (True): the
    round is then closed and everything in it settled. ``people`` lets several briefs have the same.
    """
    stage = "public" if released is True else str(released or "")
    people = people or make_people(authors)
    versions = max(versions, 1) if stage else versions
    brief = _brief(people)
    made = _sections(brief, people, words, sections, seed)
    frozen = _versions(brief, people, made, versions, seed)
    for section in made:
        section.refresh_from_db()
    talk = add_threads(made, people.authors, threads, resolved=bool(stage), seed=seed) if threads else []
    round: Round | None = None
    invitations: list[Invitation] = []
    written: list[ReviewThread] = []
    if frozen and reviewers:
        round, invitations = open_round(brief, frozen[-1], people, reviewers)
        written = add_comments(round, invitations, made, comments, handed=bool(stage)) if comments else []
        if stage:
            settle(round, written, people)
    release = make_release(brief, frozen[-1], people, stage, embargo=embargo) if stage else None
    brief.refresh_from_db()
    if round is not None:
        round = Round.objects.select_related("brief", "version").get(pk=round.pk)
    _analyse()
    return Filled(brief, people, made, talk, frozen, round, invitations, written, release)


def _analyse() -> None:
    """Let the planner know what is there, and indexes which rows all can see.

    Autovacuum does both within a minute of such a number of rows. Within a transaction only the first can be done.
    """
    tables = [model._meta.db_table for app in FILLED for model in apps.get_app_config(app).get_models()]
    command = "ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE"
    with connection.cursor() as cursor:
        cursor.execute(f"{command} {', '.join(map(connection.ops.quote_name, tables))}")


FILLED = ("accounts", "brief", "review", "release")


def _brief(people: People) -> Brief:
    brief: Brief = create_brief(
        actor=people.lead,
        title=f"Filled brief {secrets.token_hex(4)}",
        organisations=people.organisations,
        summary="A text made up to be measured.",
    )
    give_roles(brief, people)
    Brief.objects.filter(pk=brief.pk).update(**IMPRINT)
    return Brief.objects.get(pk=brief.pk)


def _sections(brief: Brief, people: People, words: int, count: int, seed: int) -> list[Section]:
    made = []
    for number in range(count):
        own = words // count + (number < words % count)
        text = json.dumps(document(own, seed * 1000 + number)) if own else None
        made.append(add_section(actor=people.lead, brief=brief, title=f"Section {number + 1}", doc=text))
    objective = add_objective(actor=people.lead, brief=brief, text="Show what the portal carries")
    if made:
        cover_objective(actor=people.lead, brief=brief, objective=objective, sections=made[:1])
    return made


def _versions(brief: Brief, people: People, sections: list[Section], count: int, seed: int) -> list[Version]:
    """Frozen one after another; between two, one paragraph is added to one section."""
    frozen = []
    for number in range(count if sections else 0):
        if number:
            section = sections[(number - 1) % len(sections)]
            doc = _with(section, seed * 7919 + number)
            steps.edit(actor=people.lead, section=section, edits=[{"op": "replace_document", "doc": doc}])
        frozen.append(freeze(actor=people.editor, brief=brief, order_draft=OrderDraft.FIRST))
    return frozen


def _with(section: Section, seed: int) -> dict[str, object]:
    section.refresh_from_db()
    doc = texts.document(section)
    return {**doc, "content": [*doc["content"], paragraph(seed)]}

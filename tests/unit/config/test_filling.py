"""Made-up briefs are as large as was asked, and would pass every check that real ones pass."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from brief import anchors, texts
from brief.models import Anchor, Comment
from config.filling import DOMAIN, fill
from config.filling.texts import document, places
from document import tree
from document.engine import engine
from release.public import site
from review.models import Disposition

pytestmark = [pytest.mark.django_db]


def test_a_text_has_the_words_that_were_asked_for() -> None:
    for wanted in (1, 57, 400, 3000):
        doc = document(wanted, seed=3)
        assert wanted <= tree.words(doc) < wanted + 40
    assert engine().check(json.dumps(document(800, seed=5)))


def test_places_are_words_of_the_text() -> None:
    doc = document(600, seed=4)
    for block, start, end, text, first, last in places(doc, 50, seed=1):
        node = tree.find(doc, block)
        assert node is not None
        assert tree.block_text(node) == text
        assert (first, last) == anchors.span_in(doc, block, start, end)


def test_a_brief_has_every_size_that_was_asked_for() -> None:
    made = fill(words=900, sections=3, threads=40, versions=3, reviewers=4, comments=20)
    assert len(made.sections) == 3
    assert sum(tree.words(texts.document(each)) for each in made.sections) >= 900
    assert (len(made.threads), len(made.versions), len(made.reviewers), len(made.comments)) == (40, 3, 4, 20)
    assert len({each.content_hash for each in made.versions}) == 3
    assert Anchor.objects.filter(thread__brief=made.brief).count() == 60
    assert Comment.objects.filter(thread__in=made.threads).count() == 54
    assert made.round is not None
    assert made.round.is_open
    assert made.release is None
    assert all(person.email.endswith(f"@{DOMAIN}") for person in [*made.people.all(), *made.reviewers])


@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize(("stage", "shown"), [("embargoed", False), ("public", True)])
def test_a_release_is_as_far_as_was_asked_for(client: Client, stage: str, shown: bool) -> None:
    made = fill(words=120, threads=3, comments=4, released=stage)
    assert made.release is not None
    assert made.release.status == {"embargoed": "scheduled", "public": "published"}[stage]
    assert made.release.sign_offs.filter(voided_at=None).count() == 2
    assert not made.release.gates.exclude(state="green").exists()
    assert Disposition.objects.filter(thread__round=made.round, status="confirmed").count() == 4
    assert (site.find(f"briefs/{made.brief.slug}/") is not None) is shown
    assert client.get(f"/briefs/{made.brief.slug}/").status_code == (200 if shown else 404)


def test_several_briefs_may_have_the_same_people() -> None:
    first = fill(words=50, reviewers=0, versions=0)
    second = fill(words=50, reviewers=0, versions=0, people=first.people)
    assert second.lead == first.lead
    assert second.brief != first.brief


def told(*words: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("fill", *words, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_tells_what_it_made() -> None:
    made = told("--words", "60", "--sections", "2", "--reviewers", "2", "--threads", "2", "--briefs", "2")
    assert [len(each["sections"]) for each in made] == [2, 2]
    assert made[0]["people"]["authors"] == made[1]["people"]["authors"]
    assert len(made[0]["people"]["reviewers"]) == 2
    assert made[0]["threads"] == 2


def test_the_command_leaves_a_database_of_real_people_alone() -> None:
    User.objects.create_user("somebody@organisation.example", "Somebody")
    with pytest.raises(CommandError, match="--anyway"):
        told("--words", "50")
    assert told("--words", "50", "--reviewers", "0", "--anyway")

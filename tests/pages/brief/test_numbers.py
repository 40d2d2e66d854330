"""Numbers and references follow what others write in other sections, while the room stays open."""

from __future__ import annotations

import pytest
from django.urls import reverse

from brief import steps
from brief.models import Section
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def numbers(cast: Cast, section: Section) -> dict[str, object]:
    client = cast.client(cast.lead)
    found: dict[str, object] = client.get(reverse("brief:numbers", args=[cast.brief.pk, section.pk])).json()
    return found


def test_a_paragraph_before_moves_the_first_number_and_a_box_elsewhere_can_be_pointed_at(cast: Cast) -> None:
    first, last = cast.sections[0], cast.sections[-1]
    before = numbers(cast, last)
    box = {"type": "callout", "attrs": {"id": "newbox000001", "kind": "risk", "title": "Beware"}}
    inside = {"type": "paragraph", "content": [{"type": "text", "text": "x"}]}
    words = {"type": "paragraph", "content": [{"type": "text", "text": "One more."}]}
    blocks = [words, box | {"content": [inside]}]
    steps.edit(actor=cast.lead, section=first, edits=[{"op": "insert_blocks", "after": None, "blocks": blocks}])
    after = numbers(cast, last)
    assert after["paragraph"] == int(str(before["paragraph"])) + 1
    assert {"callout": 2}.items() <= dict(after["series"]).items()  # type: ignore[call-overload]
    labels = {each["id"]: each["label"] for each in after["targets"]}  # type: ignore[attr-defined]
    assert labels["newbox000001"] == "Box 1"


def test_it_says_what_the_page_said(cast: Cast) -> None:
    section = cast.sections[1]
    page = cast.client(cast.lead).get(reverse("brief:section", args=[cast.brief.pk, section.pk]))
    now = numbers(cast, section)
    assert now["targets"] == page.context["targets"]
    assert [now["paragraph"], now["footnote"]] == [page.context["firsts"][name] for name in ("paragraph", "footnote")]

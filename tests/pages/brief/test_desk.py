"""What briefs put on a desk."""

from __future__ import annotations

from typing import Any

import pytest

from brief import actions
from brief.desk import happened, waiting
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_sections_assigned_to_me_wait_until_they_are_ready(cast: Cast) -> None:
    actions.edit_section(actor=cast.lead, section=cast.section, assignee=cast.partner)
    [item] = waiting(cast.partner)
    assert str(item.action) == "Write 1 section"
    actions.set_status(actor=cast.partner, section=cast.section, name="finish")
    assert waiting(cast.partner) == []


def test_what_others_did_is_told_once_for_a_run_of_the_same_and_my_own_is_not(cast: Cast) -> None:
    assert cast.version
    titles = [str(item.title) for item in happened(cast.partner)]
    assert titles[0] == "A version was frozen"
    assert titles.count("A section was added") == 1
    assert "A version was frozen" not in [str(item.title) for item in happened(cast.editor)]


@pytest.mark.parametrize("name", ["outsider", "former", "reviewer"])
def test_who_has_no_part_is_told_nothing(cast: Cast, name: str) -> None:
    assert cast.version
    assert happened(cast[name]) == []


def test_nothing_told_to_everybody_names_a_section_or_a_comment(cast: Cast) -> None:
    actions.start_thread(actor=cast.lead, section=cast.section, body="Whispered")
    told = " ".join(f"{item.title} {item.detail}" for item in happened(cast.approver))
    assert "Whispered" not in told and "Recruitment" not in told


def test_a_long_history_costs_two_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        actions.add_section(actor=cast.lead, brief=cast.brief, title=str(number))
        actions.add_source(actor=cast.lead, brief=cast.brief, csl={"title": str(number)})
    with django_assert_max_num_queries(2):
        happened(cast.partner)

"""Step 7 of the story: every comment gets its answer, confirmed, and its reviewer sees what happened."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from brief import texts
from document import tree
from review import actions
from review.models import ReviewThread, Round
from tests.browser.conftest import Visit
from tests.browser.story import Look
from tests.cast import Cast


@pytest.fixture
def threads(cast: Cast) -> list[ReviewThread]:
    """Two comments handed in by the reviewer: one with a proposed change, one general."""
    assert cast.invitation
    round_ = Round.objects.get(pk=cast.round.pk)
    say = {"actor": cast.reviewer, "round": round_, "section": cast.section}
    first = actions.add_comment(
        **say, body="Which fees?", block="recruit00002", start=0, end=4, proposed_change="Three kinds of fees"
    )
    second = actions.add_comment(**say, body="=SUM(1;1) is no comment", block="recruit00001")
    actions.submit(actor=cast.reviewer, round=Round.objects.get(pk=round_.pk))
    return [first, second]


def test_comments_are_answered_confirmed_and_seen(
    visit: Visit, cast: Cast, threads: list[ReviewThread], axe: Look
) -> None:
    first, second = threads
    lead, editor = visit(cast.lead), visit(cast.editor)
    lead.goto(reverse("review:answer", args=[cast.round.pk, first.pk]))
    expect(lead.locator("main")).to_contain_text("unchanged")
    axe(lead)
    lead.get_by_role("button", name="Put the proposed change into the text").click()
    expect(lead.locator("body")).to_contain_text("The proposed change is in the text.")
    cast.section.refresh_from_db()
    assert "Three kinds of fees are charged" in tree.text(texts.document(cast.section))
    lead.goto(reverse("review:answer", args=[cast.round.pk, second.pk]))
    lead.get_by_label("Disposition").select_option(label="rejected")
    lead.get_by_role("button", name="Propose this answer").click()
    expect(lead.locator("main")).to_contain_text("Give the reason")
    lead.get_by_label("Disposition").select_option(label="rejected")
    lead.get_by_label("Response to the reviewer").fill("It is a formula.")
    lead.get_by_role("button", name="Propose this answer").click()
    expect(lead.locator("body")).to_contain_text("Answer proposed.")
    editor.goto(reverse("review:answer", args=[cast.round.pk, first.pk]))
    editor.get_by_role("button", name="Confirm", exact=True).click()
    expect(editor.locator("body")).to_contain_text("Confirmed. The reviewer sees the answer.")
    editor.goto(reverse("review:answer", args=[cast.round.pk, second.pk]))
    editor.get_by_text("Return to the authors").click()
    editor.get_by_label("Reason").fill("Say it kindly.")
    editor.get_by_role("button", name="Return", exact=True).click()
    expect(editor.locator("body")).to_contain_text("Returned to the authors.")
    lead.goto(reverse("review:answer", args=[cast.round.pk, second.pk]))
    expect(lead.locator("main")).to_contain_text("Say it kindly.")
    lead.get_by_label("Disposition").select_option(label="rejected")
    lead.get_by_label("Response to the reviewer").fill("Thank you; it reads as a formula, and we keep the text.")
    lead.get_by_role("button", name="Propose anew").click()
    expect(lead.locator("body")).to_contain_text("Answer proposed.")
    editor.reload()
    editor.get_by_role("button", name="Confirm", exact=True).click()
    expect(editor.locator("body")).to_contain_text("Confirmed. The reviewer sees the answer.")
    reviewer = visit(cast.reviewer, reverse("review:outcome", args=[cast.round.pk]))
    expect(reviewer.locator("main")).to_contain_text("2 of 2 have their answer")
    expect(reviewer.locator("main")).to_contain_text("it reads as a formula")
    expect(reviewer.locator("main")).not_to_contain_text("Say it kindly.")
    axe(reviewer)


def test_the_table_of_comments_is_taken_away_with_no_live_formula(
    visit: Visit, cast: Cast, threads: list[ReviewThread]
) -> None:
    page = visit(cast.editor, reverse("review:answers", args=[cast.round.pk]))
    table = page.request.get(reverse("review:csv", args=[cast.round.pk])).body().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert len(rows) == 3
    assert not any(cell.startswith("=") for row in rows for cell in row)
    book = load_workbook(io.BytesIO(page.request.get(reverse("review:xlsx", args=[cast.round.pk])).body()))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert any("no comment" in str(cell.value) for cell in cells)

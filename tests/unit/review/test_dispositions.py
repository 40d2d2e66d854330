"""Answering: an author proposes, the review editor confirms or returns."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from brief import steps, texts
from brief.actions import freeze
from brief.models import Section, Step
from brief.states import OrderDraft
from document import spreadsheet, tree
from ledger.models import Mail
from ledger.refusals import Hidden, NotAllowed, NotNow
from review import actions
from review.models import Disposition
from review.policies import freeze_sentences, open_matters
from review.resolution import columns, table
from review.states import WITHOUT_REASON, Outcome
from review.visibility import Viewer
from tests.cast import Cast
from tests.unit.review.conftest import Comment, fresh, reload


def words(section: Section, block: str) -> str:
    node = tree.find(texts.document(Section.objects.get(pk=section.pk)), block)
    assert node
    return tree.block_text(node)


def kinds(cast: Cast) -> set[str]:
    return {matter.kind for matter in open_matters(cast.brief)}


@pytest.mark.parametrize("outcome", [value for value in Outcome.values if value not in WITHOUT_REASON])
def test_every_disposition_but_plain_acceptance_gives_its_reason(cast: Cast, handed: Comment, outcome: str) -> None:
    with pytest.raises(NotNow, match="reason"):
        actions.propose(actor=cast.lead, thread=handed(), outcome=outcome, response="  ")


def test_plain_acceptance_needs_no_reason(cast: Cast, handed: Comment) -> None:
    made = actions.propose(actor=cast.lead, thread=handed(), outcome="accepted")
    assert (made.status, made.proposed_by) == ("proposed", cast.lead)


def test_authors_do_not_withdraw_for_the_reviewer(cast: Cast, handed: Comment) -> None:
    with pytest.raises(NotNow, match="reviewer"):
        actions.propose(actor=cast.lead, thread=handed(), outcome="withdrawn", response="Gone.")


def test_the_database_refuses_an_answer_without_its_reason(cast: Cast, handed: Comment) -> None:
    actions.propose(actor=cast.lead, thread=handed(), outcome="accepted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposition.objects.update(outcome="rejected")


@pytest.mark.parametrize("name", ["editor", "approver", "observer", "safeguarding", "press"])
def test_only_authors_propose(cast: Cast, handed: Comment, name: str) -> None:
    with pytest.raises(NotAllowed):
        actions.propose(actor=cast[name], thread=handed(), outcome="accepted")


def test_what_is_not_handed_over_is_not_answered(cast: Cast, comment: Comment) -> None:
    with pytest.raises(NotNow, match="handed over"):
        actions.propose(actor=cast.lead, thread=reload(comment()), outcome="accepted")


def test_a_duplicate_names_the_comment_it_doubles(cast: Cast, comment: Comment) -> None:
    first, second = comment("One."), comment("Two.")
    actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    for wrong in (None, reload(second)):
        with pytest.raises(NotNow, match="doubles"):
            actions.propose(
                actor=cast.lead, thread=reload(second), outcome="duplicate", response="See.", duplicate_of=wrong
            )
    made = actions.propose(
        actor=cast.lead, thread=reload(second), outcome="duplicate", response="See.", duplicate_of=reload(first)
    )
    assert made.duplicate_of_id == first.pk


def test_the_editor_confirms(cast: Cast, handed: Comment) -> None:
    thread = handed()
    actions.propose(actor=cast.lead, thread=thread, outcome="accepted")
    confirmed = actions.confirm(actor=cast.editor, disposition=reload(thread).disposition)
    assert (confirmed.status, confirmed.confirmed_by) == ("confirmed", cast.editor)
    with pytest.raises(NotNow, match="confirmed"):
        actions.propose(actor=cast.lead, thread=reload(thread), outcome="noted", response="No, wait.")
    with pytest.raises(NotNow):
        actions.confirm(actor=cast.editor, disposition=reload(thread).disposition)


@pytest.mark.parametrize("name", ["lead", "approver", "safeguarding"])
def test_nobody_else_confirms_or_returns(cast: Cast, handed: Comment, name: str) -> None:
    thread = handed()
    actions.propose(actor=cast.colleague, thread=thread, outcome="accepted")
    for act in (actions.confirm, lambda **kw: actions.send_back(**kw, reason="No.")):
        with pytest.raises(NotAllowed):
            act(actor=cast[name], disposition=reload(thread).disposition)


def test_nobody_confirms_their_own_proposal(cast: Cast, handed: Comment) -> None:
    from brief.models import Role

    Role.objects.create(brief=cast.brief, user=cast.editor, organisation=cast.north, role="author")
    thread = handed()
    actions.propose(actor=cast.editor, thread=thread, outcome="accepted")
    with pytest.raises(NotNow, match="another"):
        actions.confirm(actor=cast.editor, disposition=reload(thread).disposition)


def test_a_returned_answer_says_why_and_is_proposed_anew(
    cast: Cast, handed: Comment, run_jobs: Callable[[], int]
) -> None:
    thread = handed()
    actions.propose(actor=cast.lead, thread=thread, outcome="rejected", response="No.")
    with pytest.raises(NotNow, match="why"):
        actions.send_back(actor=cast.editor, disposition=reload(thread).disposition, reason="")
    actions.send_back(actor=cast.editor, disposition=reload(thread).disposition, reason="Too short.")
    run_jobs()
    assert Mail.objects.filter(name="disposition_returned", to=cast.lead.email).exists()
    assert kinds(cast) >= {"open_thread"}
    again = actions.propose(actor=cast.colleague, thread=reload(thread), outcome="rejected", response="Because …")
    assert (again.status, again.return_reason) == ("proposed", "")


def test_a_confirmed_answer_can_be_returned(cast: Cast, handed: Comment) -> None:
    thread = handed()
    actions.propose(actor=cast.lead, thread=thread, outcome="accepted")
    actions.confirm(actor=cast.editor, disposition=reload(thread).disposition)
    actions.send_back(actor=cast.editor, disposition=reload(thread).disposition, reason="A new fact.")
    assert reload(thread).disposition.confirmed_at is None


# --- the change itself --------------------------------------------------------------------------------


def test_a_proposed_change_goes_into_the_text_with_one_press(cast: Cast, handed: Comment) -> None:
    thread = handed(proposed_change="Many recruiters")
    made = actions.apply_change(actor=cast.lead, thread=thread)
    assert words(cast.section, "recruit00001").startswith("Many recruiters promise")
    assert (made.outcome, made.status, made.applied_section) == ("accepted", "proposed", cast.section)
    assert Step.objects.get(section=cast.section, version=made.applied_version).author == cast.lead
    with pytest.raises(NotNow, match="already"):
        actions.apply_change(actor=cast.lead, thread=reload(thread))


def test_a_change_finds_its_words_after_they_have_moved(cast: Cast, handed: Comment) -> None:
    thread = handed(proposed_change="Many recruiters")
    steps.edit(
        actor=cast.colleague,
        section=cast.section,
        edits=[{"op": "replace_text", "block": "recruit00001", "from": 0, "to": 0, "text": "In short: "}],
    )
    actions.apply_change(actor=cast.lead, thread=thread)
    assert words(cast.section, "recruit00001").startswith("In short: Many recruiters promise")


def test_a_change_of_a_whole_paragraph_replaces_it(cast: Cast, handed: Comment) -> None:
    thread = handed(start=0, end=0, proposed_change="Recruiters promise much.")
    actions.apply_change(actor=cast.lead, thread=thread)
    assert words(cast.section, "recruit00001") == "Recruiters promise much."


def test_words_that_are_gone_are_not_replaced(cast: Cast, handed: Comment) -> None:
    thread = handed(proposed_change="Many recruiters")
    everything = {"from": 0, "to": len(words(cast.section, "recruit00001"))}
    edit = {"op": "replace_text", "block": "recruit00001", "text": "Nothing is left."}
    steps.edit(actor=cast.colleague, section=cast.section, edits=[edit | everything])
    before = Section.objects.get(pk=cast.section.pk).version
    with pytest.raises(NotNow):
        actions.apply_change(actor=cast.lead, thread=thread)
    assert Section.objects.get(pk=cast.section.pk).version == before


def test_a_comment_without_a_change_has_nothing_to_apply(cast: Cast, handed: Comment) -> None:
    with pytest.raises(NotNow, match="no replacement"):
        actions.apply_change(actor=cast.lead, thread=handed())


def test_the_editor_does_not_write_the_text(cast: Cast, handed: Comment) -> None:
    with pytest.raises(NotAllowed):
        actions.apply_change(actor=cast.editor, thread=handed(proposed_change="X"))


def test_strangers_apply_nothing(cast: Cast, handed: Comment) -> None:
    with pytest.raises(Hidden):
        actions.apply_change(actor=cast.outsider, thread=handed(proposed_change="X"))


# --- what is still open -------------------------------------------------------------------------------


def test_what_is_open_is_named_until_it_is_settled(cast: Cast, handed: Comment) -> None:
    thread = handed(severity="critical", safeguarding=True)
    assert kinds(cast) == {"open_round", "open_thread", "critical", "safeguarding"}
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    actions.propose(actor=cast.lead, thread=reload(thread), outcome="accepted")
    assert kinds(cast) == {"unconfirmed", "critical", "safeguarding"}
    actions.confirm(actor=cast.editor, disposition=reload(thread).disposition)
    assert kinds(cast) == {"safeguarding"}
    actions.clear_safeguarding(actor=cast.editor, thread=reload(thread), reason="Removed.")
    assert open_matters(cast.brief) == []


def test_each_matter_leads_to_its_spot(cast: Cast, handed: Comment) -> None:
    handed()
    matter = next(matter for matter in open_matters(cast.brief) if matter.kind == "open_thread")
    response = cast.client(cast.lead).get(matter.url)
    assert response.status_code == 200 and b"Please give a source." in response.content


def test_the_next_draft_freezes_only_when_every_answer_is_confirmed(cast: Cast, handed: Comment) -> None:
    thread = handed()
    with pytest.raises(NotNow, match="no answer"):
        freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.SECOND)
    actions.propose(actor=cast.lead, thread=thread, outcome="accepted")
    with pytest.raises(NotNow, match="not confirmed"):
        freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.SECOND)
    actions.confirm(actor=cast.editor, disposition=reload(thread).disposition)
    assert freeze_sentences(cast.brief) == []
    assert freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.SECOND).number == 2


def test_reviewers_are_told_once_when_everything_is_answered(
    cast: Cast, handed: Comment, run_jobs: Callable[[], int]
) -> None:
    thread = handed()
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    actions.propose(actor=cast.lead, thread=thread, outcome="accepted")
    actions.confirm(actor=cast.editor, disposition=reload(thread).disposition)
    actions.send_back(actor=cast.editor, disposition=reload(thread).disposition, reason="Look again.")
    actions.propose(actor=cast.lead, thread=reload(thread), outcome="noted", response="Seen.")
    actions.confirm(actor=cast.editor, disposition=reload(thread).disposition)
    run_jobs()
    assert Mail.objects.filter(name="answers_ready", to=cast.reviewer.email).count() == 1


# --- the table ----------------------------------------------------------------------------------------


def test_the_table_holds_what_the_asking_role_may_see(cast: Cast, handed: Comment) -> None:
    handed("=2+5", note_to_editor="In confidence.", proposed_change="Many recruiters")
    head, row = table(Viewer(cast.lead, fresh(cast.round)))
    assert head == columns() and len(row) == len(head)
    assert "In confidence." not in row and cast.reviewer.name not in str(row)
    assert row[0] == f"{cast.invitation.code}-1" and row[5] == "1" and row[6] == "Recruiters"
    _head, row = table(Viewer(cast.editor, fresh(cast.round)))
    assert "NGO" in row


def test_no_cell_of_either_file_calculates(cast: Cast, handed: Comment) -> None:
    handed("=2+5", proposed_change="@SUM(A1)")
    rows = table(Viewer(cast.lead, fresh(cast.round)))
    assert b'"\'=2+5"' in spreadsheet.csv(rows)
    sheet = load_workbook(io.BytesIO(spreadsheet.xlsx(rows, title="First round"))).active
    values = [cell.value for line in sheet.iter_rows() for cell in line]
    assert "'=2+5" in values and "'@SUM(A1)" in values
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)

"""What a reviewer writes, and what happens to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from brief.models import Comment as Utterance
from brief.models import Thread
from ledger.models import Event, Mail
from ledger.refusals import Hidden, NotAllowed, NotNow
from review import actions
from review.models import ChargeAnswer, ReadingMark, ReviewThread
from review.states import InvitationState, Outcome
from tests.cast import Cast
from tests.unit.review.conftest import Comment, fresh, reload, state


def test_a_comment_hangs_on_words_and_knows_its_paragraph(cast: Cast, comment: Comment) -> None:
    thread = comment("Who says so?", start=11, end=18)
    assert (thread.label, thread.paragraph) == (f"{cast.invitation.code}-1", 1)
    assert thread.thread.anchor.quotation == "promise"
    assert thread.thread.circle == "round"


def test_a_comment_hangs_on_a_paragraph_a_section_or_the_whole(cast: Cast, comment: Comment) -> None:
    assert comment(start=0, end=0).thread.anchor.quotation == ""
    assert comment(block="", start=0, end=0).thread.section == cast.section
    assert comment(section=None, block="", start=0, end=0).thread.section is None


def test_words_inside_a_list_belong_to_their_lead_in_or_to_none(cast: Cast, comment: Comment) -> None:
    from brief import texts
    from document import tree

    journeys = cast.sections[1]
    item = next(node for node in tree.blocks(texts.document(journeys)) if tree.block_text(node).startswith("Drivers"))
    thread = comment(section=journeys, block=tree.block_id(item), start=0, end=7)
    assert thread.thread.anchor.quotation == "Drivers"
    assert thread.paragraph is None


@pytest.mark.parametrize("place", [{"start": 0, "end": 9999}, {"block": "nowhere00000"}, {"start": 9, "end": 3}])
def test_a_place_that_is_not_in_the_version_is_refused(cast: Cast, comment: Comment, place: dict[str, int]) -> None:
    with pytest.raises(NotNow):
        comment(**place)
    assert not ReviewThread.objects.exists() and not Thread.every.exists()


def test_a_comment_needs_words(cast: Cast, comment: Comment) -> None:
    with pytest.raises(NotNow, match="words"):
        comment("  \n ")


def test_the_first_comment_begins_the_review(cast: Cast, comment: Comment) -> None:
    assert cast.invitation
    type(cast.invitation).objects.update(status=InvitationState.DECLARED)
    comment()
    assert state(cast.invitation) == InvitationState.REVIEWING


@pytest.mark.parametrize("name", ["lead", "editor", "approver", "safeguarding"])
def test_people_of_the_brief_do_not_comment_as_reviewers(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        actions.add_comment(actor=cast[name], round=cast.round, body="Let me.")


def test_who_has_not_declared_does_not_comment(cast: Cast) -> None:
    assert cast.second_invitation
    with pytest.raises(NotAllowed):
        actions.add_comment(actor=cast.second_reviewer, round=fresh(cast.round), body="Let me.")


def test_strangers_do_not_comment(cast: Cast) -> None:
    with pytest.raises(Hidden):
        actions.add_comment(actor=cast.outsider, round=fresh(cast.round), body="Let me.")


def test_drafts_have_no_number_until_they_are_sent(cast: Cast, comment: Comment) -> None:
    draft, sent = comment(draft=True), comment()
    assert (draft.number, sent.number) == (None, 1)
    actions.send_draft(actor=cast.reviewer, thread=draft)
    assert reload(draft).number == 2
    with pytest.raises(NotNow):
        actions.send_draft(actor=cast.reviewer, thread=draft)


def test_a_discarded_draft_is_gone(cast: Cast, comment: Comment) -> None:
    draft = comment("A hasty word.", draft=True)
    actions.discard_draft(actor=cast.reviewer, thread=draft)
    assert not Thread.every.exists() and not Utterance.objects.exists()


def test_what_is_sent_is_not_discarded(cast: Cast, comment: Comment) -> None:
    with pytest.raises(NotNow, match="Withdraw"):
        actions.discard_draft(actor=cast.reviewer, thread=comment())


def test_a_comment_is_rewritten_until_it_is_handed_over(cast: Cast, comment: Comment) -> None:
    thread = comment("Befor.")
    actions.edit_comment(actor=cast.reviewer, thread=thread, body="Before.", severity="major")
    assert reload(thread).severity == "major"
    assert Utterance.objects.get(thread=thread.pk).body == "Before."
    actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    actions.resume(actor=cast.reviewer, round=fresh(cast.round))
    with pytest.raises(NotNow, match="with the authors"):
        actions.edit_comment(actor=cast.reviewer, thread=reload(thread), body="After.")


def test_editing_can_send_a_draft(cast: Cast, comment: Comment) -> None:
    draft = comment(draft=True)
    actions.edit_comment(actor=cast.reviewer, thread=draft, body="Now.", send=True)
    assert not reload(draft).draft


def test_another_reviewers_comment_is_nobodys_to_change(cast: Cast, comment: Comment) -> None:
    thread = comment()
    cast.declare(cast.second_invitation)
    type(cast.second_invitation).objects.filter(pk=cast.second_invitation.pk).update(status=InvitationState.DECLARED)
    for act in (actions.withdraw_comment, actions.send_draft, actions.discard_draft):
        with pytest.raises(Hidden):
            act(actor=cast.second_reviewer, thread=reload(thread))
    with pytest.raises(Hidden):
        actions.edit_comment(actor=cast.second_reviewer, thread=reload(thread), body="Mine now.")


def test_a_withdrawn_comment_shows_its_words_to_nobody_else(cast: Cast, handed: Comment) -> None:
    from review.visibility import Viewer, find, see

    thread = handed("I should not have said this.", proposed_change="Secret words")
    actions.withdraw_comment(actor=cast.reviewer, thread=thread)
    viewer = Viewer(cast.lead, fresh(cast.round))
    seen = see(viewer, find(viewer, thread.pk))
    assert (seen.body, seen.proposed_change, seen.withdrawn) == ("", "", True)
    assert reload(thread).disposition.outcome == Outcome.WITHDRAWN
    with pytest.raises(NotNow):
        actions.withdraw_comment(actor=cast.reviewer, thread=reload(thread))


def test_a_comment_withdrawn_before_handing_in_needs_no_disposition(cast: Cast, comment: Comment) -> None:
    thread = comment()
    actions.withdraw_comment(actor=cast.reviewer, thread=thread)
    assert not hasattr(reload(thread), "disposition")


def test_an_answer_in_the_making_ends_when_the_comment_is_withdrawn(cast: Cast, handed: Comment) -> None:
    thread = handed()
    actions.propose(actor=cast.lead, thread=thread, outcome="rejected", response="No.")
    actions.withdraw_comment(actor=cast.reviewer, thread=reload(thread))
    disposition = reload(thread).disposition
    assert (disposition.outcome, disposition.status, disposition.response) == ("withdrawn", "confirmed", "")


def test_replies_come_from_both_sides(cast: Cast, handed: Comment) -> None:
    thread = handed()
    actions.reply(actor=cast.lead, thread=thread, body="Which source do you mean?")
    actions.reply(actor=cast.reviewer, thread=reload(thread), body="The yearbook.")
    actions.reply(actor=cast.editor, thread=reload(thread), body="Noted.")
    assert list(thread.thread.comments.values_list("body", flat=True))[1:] == [
        "Which source do you mean?",
        "The yearbook.",
        "Noted.",
    ]


def test_nobody_replies_to_what_they_do_not_see(cast: Cast, comment: Comment) -> None:
    thread = comment()
    for name in ("lead", "safeguarding", "outsider", "approver"):
        with pytest.raises(Hidden):
            actions.reply(actor=cast[name], thread=reload(thread), body="Hello?")


def test_drafts_and_withdrawn_comments_take_no_replies(cast: Cast, comment: Comment) -> None:
    draft, gone = comment(draft=True), comment()
    actions.withdraw_comment(actor=cast.reviewer, thread=gone)
    for thread in (draft, reload(gone)):
        with pytest.raises(NotNow):
            actions.reply(actor=cast.reviewer, thread=thread, body="And another thing.")


def test_a_safeguarding_flag_alerts_the_focal_point_at_once_and_says_nothing(
    cast: Cast, comment: Comment, run_jobs: Callable[[], int]
) -> None:
    from django.core import mail as outbox

    comment("The driver's sister can be recognised.", safeguarding=True)
    run_jobs()
    [letter] = outbox.outbox
    assert letter.to == [cast.safeguarding.email]
    assert "sister" not in letter.subject + str(letter.body)
    assert cast.brief.title not in letter.subject + str(letter.body)


def test_a_draft_alerts_nobody(cast: Cast, comment: Comment, run_jobs: Callable[[], int]) -> None:
    comment(draft=True, safeguarding=True)
    run_jobs()
    assert not Mail.objects.exists()


def test_a_flag_is_cleared_with_a_reason(cast: Cast, handed: Comment) -> None:
    thread = handed(safeguarding=True)
    with pytest.raises(NotNow, match="how"):
        actions.clear_safeguarding(actor=cast.safeguarding, thread=thread, reason=" ")
    with pytest.raises(NotAllowed):
        actions.clear_safeguarding(actor=cast.lead, thread=thread, reason="Fine.")
    actions.clear_safeguarding(actor=cast.safeguarding, thread=thread, reason="The detail was removed.")
    assert reload(thread).cleared_by == cast.safeguarding
    with pytest.raises(NotNow, match="no open"):
        actions.clear_safeguarding(actor=cast.editor, thread=reload(thread), reason="Again.")


def test_charge_answers_are_kept_changed_and_taken_back(cast: Cast) -> None:
    assert cast.invitation
    question = cast.round.questions.get()
    for value, text in (("partly", "Thin."), ("yes", "Better.")):
        actions.answer_question(actor=cast.reviewer, round=fresh(cast.round), question=question, value=value, text=text)
    assert ChargeAnswer.objects.get().value == "yes"
    actions.answer_question(actor=cast.reviewer, round=fresh(cast.round), question=question, value="", text=" ")
    assert not ChargeAnswer.objects.exists()


def test_reading_marks_are_the_reviewers_own_and_no_event_tells_of_them(cast: Cast) -> None:
    assert cast.invitation
    before = Event.objects.count()
    for read in (True, True, False, True):
        actions.mark_section(actor=cast.reviewer, round=fresh(cast.round), section_id=cast.section.pk, read=read)
    assert ReadingMark.objects.count() == 1
    assert Event.objects.count() == before
    with pytest.raises(NotAllowed):
        actions.mark_section(actor=cast.editor, round=fresh(cast.round), section_id=cast.section.pk, read=True)


def test_the_database_refuses_a_numbered_draft(cast: Cast, comment: Comment) -> None:
    thread = comment(draft=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewThread.objects.filter(pk=thread.pk).update(number=7)

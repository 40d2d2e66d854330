"""Reading, commenting, handing in and answering, by plain forms."""

from __future__ import annotations

import pytest
from django.test import Client

from brief import texts
from brief.models import Section
from review import actions
from review.models import ChargeAnswer, ChargeQuestion, ReadingMark, ReviewThread
from tests.cast import Cast
from tests.pages.review.conftest import add_comment, at, fresh, hand_in, reload

pytestmark = pytest.mark.django_db
COMMENT = {"body": "Say who.", "type": "technical", "severity": "major"}


def test_a_section_shows_its_text_numbers_and_links_to_comment(cast: Cast, reviewer: Client) -> None:
    page = reviewer.get(at("section", cast.round.pk, cast.section.pk)).content.decode()
    assert "Recruiters promise work abroad" in page
    assert 'aria-label="Paragraph 1"' in page
    assert 'aria-label="Comment on paragraph 2"' in page
    assert f"Reviewer {cast.invitation.code}" in page and "not at all" in page


def test_a_comment_on_a_paragraph_comes_by_a_plain_form(cast: Cast, reviewer: Client) -> None:
    place = {"section": str(cast.section.pk), "block": "recruit00002"}
    form = reviewer.get(at("new_comment", cast.round.pk), place).content.decode()
    assert "Fees are charged" in form and "paragraph 2" in form
    answer = reviewer.post(at("new_comment", cast.round.pk), COMMENT | place)
    thread = ReviewThread.objects.get()
    assert answer["Location"].endswith(f"?thread={thread.pk}#thread-{thread.pk}")
    page = reviewer.get(answer["Location"]).content.decode()
    assert "Say who." in page and thread.label in page


def test_a_comment_on_words_marks_them(cast: Cast, reviewer: Client) -> None:
    place = {"section": str(cast.section.pk), "block": "recruit00001", "start": 0, "end": 10}
    reviewer.post(at("new_comment", cast.round.pk), COMMENT | place)
    page = reviewer.get(at("section", cast.round.pk, cast.section.pk)).content.decode()
    assert ">Recruiters</mark>" in page


def test_a_draft_is_kept_and_an_empty_comment_is_not(cast: Cast, reviewer: Client) -> None:
    place = {"section": str(cast.section.pk), "block": "recruit00001"}
    assert "required" in reviewer.post(at("new_comment", cast.round.pk), place).content.decode()
    reviewer.post(at("new_comment", cast.round.pk), COMMENT | place | {"draft": "yes"})
    draft = ReviewThread.objects.get()
    assert draft.draft
    reviewer.post(at("edit_comment", cast.round.pk, draft.pk), COMMENT | {"body": "Say who pays."})
    assert not reload(draft).draft


@pytest.mark.parametrize("wrong", [{"block": "nowhere00000"}, {"start": "5", "end": "9999"}])
def test_a_place_that_is_not_there_is_refused_with_the_words_kept(
    cast: Cast, reviewer: Client, wrong: dict[str, str]
) -> None:
    place = {"section": str(cast.section.pk), "block": "recruit00001"} | wrong
    page = reviewer.post(at("new_comment", cast.round.pk), COMMENT | place)
    assert page.status_code == 200 and "Say who." in page.content.decode()
    assert not ReviewThread.objects.exists()


def test_a_section_of_another_brief_is_not_there(cast: Cast, reviewer: Client) -> None:
    stray = "00000000-0000-0000-0000-000000000000"
    assert reviewer.get(at("section", cast.round.pk, stray)).status_code == 404
    assert reviewer.get(at("new_comment", cast.round.pk), {"section": stray}).status_code == 404
    assert reviewer.get(at("new_comment", cast.round.pk), {"section": "nonsense"}).status_code == 404


def test_marks_lead_on_to_the_next_section(cast: Cast, reviewer: Client) -> None:
    answer = reviewer.post(at("mark", cast.round.pk, cast.section.pk))
    assert answer["Location"] == at("section", cast.round.pk, cast.sections[1].pk)
    assert ReadingMark.objects.count() == 1
    page = reviewer.get(at("section", cast.round.pk, cast.section.pk)).content.decode()
    assert "1 of 3 read" in page and "You have read this section" in page
    reviewer.post(at("mark", cast.round.pk, cast.section.pk), {"read": "no"})
    assert not ReadingMark.objects.exists()


def test_a_question_is_answered_beside_its_section_or_on_the_charge_page(cast: Cast, reviewer: Client) -> None:
    beside = ChargeQuestion.objects.create(round=cast.round, order=2, text="Is the road safe?", section=cast.section)
    page = reviewer.get(at("section", cast.round.pk, cast.section.pk)).content.decode()
    assert "Is the road safe?" in page
    answer = reviewer.post(
        at("answer_question", cast.round.pk, beside.pk), {f"q{beside.pk}-value": "no", f"q{beside.pk}-text": "Not it."}
    )
    assert answer["Location"] == at("section", cast.round.pk, cast.section.pk)
    first = cast.round.questions.get(order=1)
    reviewer.post(
        at("charge", cast.round.pk),
        {
            f"q{first.pk}-value": "yes",
            f"q{first.pk}-text": "",
            f"q{beside.pk}-value": "partly",
            f"q{beside.pk}-text": "",
        },
    )
    assert sorted(ChargeAnswer.objects.values_list("value", flat=True)) == ["partly", "yes"]


def test_naming_is_changed_by_its_owner(cast: Cast, reviewer: Client) -> None:
    assert reviewer.post(at("naming", cast.round.pk), {"naming": "named"}).status_code == 302
    assert "by name" in reviewer.get(at("room", cast.round.pk)).content.decode()


def test_handing_in_gives_a_receipt_page(cast: Cast, reviewer: Client) -> None:
    add_comment(cast, "Kept.", draft=True)
    add_comment(cast, "Sent.")
    answer = reviewer.post(at("submit", cast.round.pk), {"drafts": "keep"})
    page = reviewer.get(answer["Location"]).content.decode()
    assert "Receipt" in page and "Sent." in page and "Kept." not in page
    assert reviewer.get(at("submit", cast.round.pk)).status_code == 409
    assert reviewer.post(at("resume", cast.round.pk)).status_code == 302
    assert reviewer.get(at("submit", cast.round.pk)).status_code == 200


def test_somebody_elses_receipt_is_not_there(cast: Cast, reviewer: Client) -> None:
    add_comment(cast)
    receipt = hand_in(cast)
    cast.declare(cast.second_invitation)
    type(cast.second_invitation).objects.filter(pk=cast.second_invitation.pk).update(status="declared")
    other = cast.client(cast.second_reviewer)
    assert other.get(at("receipt", cast.round.pk, receipt.number)).status_code == 404


def test_replies_withdrawal_and_discarding_work_by_forms(cast: Cast, reviewer: Client) -> None:
    sent, draft = add_comment(cast), add_comment(cast, draft=True)
    reviewer.post(at("reply", cast.round.pk, sent.pk), {"body": "And also this."})
    assert sent.thread.comments.count() == 2
    reviewer.post(at("send_comment", cast.round.pk, draft.pk))
    assert reload(draft).number == 2
    another = add_comment(cast, draft=True)
    reviewer.post(at("discard_comment", cast.round.pk, another.pk))
    assert not ReviewThread.objects.filter(pk=another.pk).exists()
    reviewer.post(at("withdraw_comment", cast.round.pk, sent.pk))
    assert reload(sent).withdrawn_at


def test_a_thread_alone_is_sent_to_scripts(cast: Cast, reviewer: Client) -> None:
    thread = add_comment(cast)
    part = reviewer.get(at("thread", cast.round.pk, thread.pk), headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<article") and "<html" not in part


def test_authors_answer_apply_and_ask_by_forms(cast: Cast, author: Client, editor: Client) -> None:
    thread = add_comment(cast, proposed_change="Many recruiters")
    hand_in(cast)
    one = at("answer", cast.round.pk, thread.pk)
    assert "Give the reason" in author.post(one, {"outcome": "rejected"}).content.decode()
    author.post(at("answer_reply", cast.round.pk, thread.pk), {"body": "Which ones?"})
    author.post(at("apply", cast.round.pk, thread.pk))
    assert "Many recruiters" in texts.current(Section.objects.get(pk=cast.section.pk))[1]
    author.post(one, {"outcome": "modified", "response": "Many, not all."})
    editor.post(at("return", cast.round.pk, thread.pk), {"reason": "Say why."})
    assert "Say why." in author.get(one).content.decode()
    author.post(one, {"outcome": "modified", "response": "Many, not all: see the source."})
    assert editor.post(at("confirm", cast.round.pk, thread.pk)).status_code == 302
    mine = cast.client(cast.reviewer).get(at("outcome", cast.round.pk)).content.decode()
    for words in ("accepted with modification", "see the source", "Which ones?", "1 of 1 have their answer"):
        assert words in mine
    assert cast.lead.name not in mine and cast.editor.name not in mine


def test_a_refused_press_shows_its_reason(cast: Cast, author: Client) -> None:
    thread = add_comment(cast)
    hand_in(cast)
    refused = author.post(at("apply", cast.round.pk, thread.pk))
    assert refused.status_code == 409 and "no replacement text" in refused.content.decode()


@pytest.mark.parametrize(
    ("show", "count"), [("all", 2), ("open", 1), ("proposed", 1), ("critical", 1), ("nonsense", 2)]
)
def test_the_queue_can_be_narrowed(cast: Cast, author: Client, show: str, count: int) -> None:
    first, _second = add_comment(cast, "One."), add_comment(cast, "Two.", severity="critical")
    hand_in(cast)
    actions.propose(actor=cast.lead, thread=reload(first), outcome="accepted")
    page = author.get(at("answers", cast.round.pk), {"show": show}).content.decode()
    assert page.count('class="sheet entry"') == count


def test_the_queue_shows_the_words_as_they_stand_today(cast: Cast, author: Client) -> None:
    from brief import steps

    add_comment(cast)
    hand_in(cast)
    edit = {"op": "replace_text", "block": "recruit00001", "from": 0, "to": 0, "text": "Often "}
    steps.edit(actor=cast.lead, section=cast.section, edits=[edit])
    page = author.get(at("answers", cast.round.pk)).content.decode()
    assert "Often <mark>Recruiters</mark>" in page


def test_the_focal_point_clears_a_flag(cast: Cast) -> None:
    thread = add_comment(cast, safeguarding=True)
    client = cast.client(cast.safeguarding)
    assert "Clear the flag" in client.get(at("answer", cast.round.pk, thread.pk)).content.decode()
    client.post(at("clear", cast.round.pk, thread.pk), {"reason": "Removed."})
    assert reload(thread).cleared_at


def test_the_files_are_attachments_with_neutral_names(cast: Cast, author: Client) -> None:
    add_comment(cast)
    hand_in(cast)
    for name in ("csv", "xlsx"):
        response = author.get(at(name, cast.round.pk))
        assert response["Content-Disposition"].startswith("attachment")
        assert cast.brief.slug not in response["Content-Disposition"]
        assert cast.reviewer.name.encode() not in response.content


def test_the_desk_says_what_waits(cast: Cast) -> None:
    add_comment(cast)
    reviewer_desk = cast.client(cast.reviewer).get("/desk/").content.decode()
    assert "Go on with the review" in reviewer_desk and cast.brief.title not in reviewer_desk
    hand_in(cast)
    given = cast.client(cast.reviewer).get("/desk/").content.decode()
    assert at("outcome", cast.round.pk) in given and "Go on with the review" not in given
    assert "Answer one comment" in cast.client(cast.lead).get("/desk/").content.decode()
    actions.propose(actor=cast.lead, thread=ReviewThread.objects.select_related("round").get(), outcome="accepted")
    assert "Confirm one answer" in cast.client(cast.editor).get("/desk/").content.decode()
    assert "/review/" not in cast.client(cast.approver).get("/desk/").content.decode()


def test_the_briefs_page_and_the_writing_room_lead_to_the_round(cast: Cast) -> None:
    thread = add_comment(cast)
    hand_in(cast)
    home = f"/write/{cast.brief.pk}/"
    assert at("manage", cast.round.pk) in cast.client(cast.editor).get(home).content.decode()
    assert at("answers", cast.round.pk) in cast.client(cast.lead).get(home).content.decode()
    assert at("answers", cast.round.pk) not in cast.client(cast.approver).get(home).content.decode()
    room = cast.client(cast.lead).get(f"{home}sections/{cast.section.pk}/").content.decode()
    assert at("answer", fresh(cast.round).pk, thread.pk) in room


def test_the_open_comment_is_shown_even_beyond_the_margin(cast: Cast, reviewer: Client) -> None:
    from review.views.reading import MARGIN

    made = [add_comment(cast, f"Number {number}.") for number in range(MARGIN + 2)]
    here = at("section", cast.round.pk, cast.section.pk)
    assert "2 more comments" in reviewer.get(here).content.decode()
    page = reviewer.get(here, {"thread": str(made[-1].pk)}).content.decode()
    assert f"Number {MARGIN + 1}." in page and "One more comment" in page
    assert reviewer.get(here, {"thread": "nonsense"}).status_code == 200

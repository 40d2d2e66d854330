"""Each page of a review opens for whom it is meant, says no to others, and is kept by nobody's cache."""

from __future__ import annotations

import pytest

from review import actions
from tests.cast import Cast
from tests.pages.review.conftest import add_comment, at, fresh, hand_in, reload

#: Page → (who may open it, what others of the brief get). Strangers always get 404.
PAGES = {
    "room": {"reviewer": 200, "editor": 302, "lead": 302, "observer": 403, "outsider": 404},
    "section": {"reviewer": 200, "editor": 200, "lead": 403, "observer": 403, "outsider": 404},
    "comments": {"reviewer": 200, "editor": 403, "lead": 403, "outsider": 404},
    "new_comment": {"reviewer": 200, "editor": 403, "lead": 403, "outsider": 404},
    "charge": {"reviewer": 200, "editor": 403, "lead": 403, "outsider": 404},
    "naming": {"reviewer": 200, "editor": 403, "lead": 403, "outsider": 404},
    "submit": {"reviewer": 200, "editor": 403, "lead": 403, "outsider": 404},
    "leave": {"reviewer": 200, "editor": 403, "lead": 403, "outsider": 404},
    "outcome": {"reviewer": 200, "editor": 403, "lead": 403, "outsider": 404},
    "answers": {"reviewer": 403, "editor": 200, "lead": 200, "safeguarding": 200, "approver": 403, "outsider": 404},
    "csv": {"reviewer": 403, "editor": 200, "lead": 200, "approver": 403, "outsider": 404},
    "xlsx": {"reviewer": 403, "editor": 200, "lead": 200, "approver": 403, "outsider": 404},
    "manage": {"reviewer": 403, "editor": 200, "lead": 403, "press": 403, "outsider": 404},
    "deadline": {"reviewer": 403, "editor": 200, "lead": 403, "outsider": 404},
    "edit": {"reviewer": 403, "editor": 409, "lead": 403, "outsider": 404},
}
CASES = [(page, person, status) for page, people in PAGES.items() for person, status in people.items()]


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "person", "status"), CASES)
def test_a_page_opens_for_whom_it_is_meant(cast: Cast, page: str, person: str, status: int) -> None:
    assert cast.invitation
    args = [cast.round.pk, cast.section.pk] if page == "section" else [cast.round.pk]
    response = cast.client(cast[person]).get(at(page, *args))
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in_before_any_look_up(cast: Cast) -> None:
    answers = {
        cast.client(None).get(at("room", pk))["Location"]
        for pk in (cast.round.pk, "00000000-0000-0000-0000-000000000000")
    }
    assert len(answers) == 1


@pytest.mark.django_db
def test_pages_of_one_comment_open(cast: Cast) -> None:
    thread = add_comment(cast, proposed_change="Many recruiters", note_to_editor="For you.", safeguarding=True)
    mine = cast.client(cast.reviewer)
    assert mine.get(at("thread", cast.round.pk, thread.pk)).status_code == 200
    assert mine.get(at("edit_comment", cast.round.pk, thread.pk)).status_code == 200
    receipt = hand_in(cast)
    assert mine.get(at("receipt", cast.round.pk, receipt.number)).status_code == 200
    for person in ("lead", "editor", "safeguarding"):
        assert cast.client(cast[person]).get(at("answer", cast.round.pk, thread.pk)).status_code == 200
    assert cast.client(cast.outsider).get(at("answer", cast.round.pk, thread.pk)).status_code == 404
    actions.propose(actor=cast.lead, thread=reload(thread), outcome="rejected", response="Out of our hands.")
    assert cast.client(cast.editor).get(at("answer", cast.round.pk, thread.pk)).status_code == 200


@pytest.mark.django_db
def test_the_review_editors_forms_open(cast: Cast) -> None:
    editor = cast.client(cast.editor)
    assert cast.version
    assert editor.get(at("new", cast.brief.pk)).status_code == 200
    for name in ("reviewer", "preview"):
        assert editor.get(at(name, cast.round.pk, cast.invitation.pk)).status_code == 200


@pytest.mark.django_db
def test_before_the_declarations_there_is_no_text(cast: Cast) -> None:
    assert cast.second_invitation
    client = cast.client(cast.second_reviewer)
    assert client.get(at("room", cast.round.pk))["Location"] == at("declarations", cast.round.pk)
    for page in (
        at("section", cast.round.pk, cast.section.pk),
        at("charge", cast.round.pk),
        at("submit", cast.round.pk),
    ):
        response = client.get(page)
        assert response.status_code == 403
        assert "Recruiters promise" not in response.content.decode()
    shown = client.get(at("declarations", cast.round.pk)).content.decode()
    assert cast.brief.title not in shown


@pytest.mark.django_db
def test_ids_of_another_round_do_not_mix(cast: Cast) -> None:
    thread = add_comment(cast)
    other = fresh(cast.round)
    other.pk, other.number = None, 2
    other._state.adding = True
    other.save()
    editor = cast.client(cast.editor)
    assert editor.get(at("answer", other.pk, thread.pk)).status_code == 404
    assert editor.get(at("reviewer", other.pk, cast.invitation.pk)).status_code == 404
    assert cast.client(cast.reviewer).get(at("room", other.pk)).status_code == 404

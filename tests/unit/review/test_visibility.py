"""Who sees what: each role, each policy, and nothing of anybody's identity where it is not meant."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from accounts.models import User
from review import actions
from review.models import Invitation, Round
from review.states import AuthorsSee, InvitationState, PeersSee
from review.visibility import Viewer, related, see_all, threads
from tests.cast import Cast
from tests.unit.review.conftest import Comment, fresh, reload


@pytest.fixture
def peer(cast: Cast) -> User:
    """The second reviewer, who has declared too."""
    cast.declare(cast.second_invitation)
    Invitation.objects.filter(pk=cast.second_invitation.pk).update(status=InvitationState.DECLARED)
    return cast.second_reviewer


def seen_by(user: User, cast: Cast) -> list[Any]:
    viewer = Viewer(user, fresh(cast.round))
    return see_all(viewer, related(threads(viewer)))


def policy(cast: Cast, **fields: Any) -> None:
    Round.objects.filter(pk=cast.round.pk).update(**fields)


def test_a_draft_is_its_writers_alone(cast: Cast, comment: Comment, peer: User) -> None:
    comment(draft=True, safeguarding=True)
    policy(cast, peers_see=PeersSee.AT_ONCE)
    assert len(seen_by(cast.reviewer, cast)) == 1
    for person in (cast.editor, cast.lead, cast.safeguarding, peer):
        assert seen_by(person, cast) == []


def test_authors_see_a_comment_when_it_is_handed_over(cast: Cast, comment: Comment) -> None:
    comment()
    assert seen_by(cast.lead, cast) == []
    assert len(seen_by(cast.editor, cast)) == 1
    actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    for author in (cast.lead, cast.colleague, cast.partner):
        assert len(seen_by(author, cast)) == 1


@pytest.mark.parametrize("name", ["approver", "press", "observer", "outsider", "former", "admin"])
def test_others_see_no_comment(cast: Cast, handed: Comment, name: str) -> None:
    handed()
    assert seen_by(cast[name], cast) == []


def test_the_focal_point_sees_flagged_comments_only(cast: Cast, comment: Comment) -> None:
    comment("Plain.")
    comment("Flagged.", safeguarding=True)
    assert [seen.body for seen in seen_by(cast.safeguarding, cast)] == ["Flagged."]


@pytest.mark.parametrize(
    ("when", "closed", "count"),
    [
        (PeersSee.NEVER, False, 0),
        (PeersSee.NEVER, True, 0),
        (PeersSee.AFTER_CLOSE, False, 0),
        (PeersSee.AFTER_CLOSE, True, 1),
        (PeersSee.AT_ONCE, False, 1),
        (PeersSee.AT_ONCE, True, 1),
    ],
)
def test_reviewers_see_one_another_as_the_policy_says(
    cast: Cast, comment: Comment, peer: User, when: str, closed: bool, count: int
) -> None:
    comment("Open to peers.")
    comment("Flagged: never.", safeguarding=True)
    policy(cast, peers_see=when)
    if closed:
        actions.close_round(actor=cast.editor, round=fresh(cast.round))
    assert len(seen_by(peer, cast)) == count


def test_who_has_not_declared_sees_nothing(cast: Cast, comment: Comment) -> None:
    comment()
    assert cast.second_invitation
    policy(cast, peers_see=PeersSee.AT_ONCE)
    assert seen_by(cast.second_reviewer, cast) == []


def test_a_note_to_the_editor_reaches_the_editor_only(cast: Cast, handed: Comment, peer: User) -> None:
    handed(note_to_editor="In confidence.")
    policy(cast, peers_see=PeersSee.AT_ONCE)
    notes = {person.name: seen_by(person, cast)[0].note_to_editor for person in (cast.editor, cast.lead, peer)}
    assert notes == {cast.editor.name: "In confidence.", cast.lead.name: "", peer.name: ""}


def test_nothing_of_a_reviewers_identity_reaches_authors_or_peers(cast: Cast, handed: Comment, peer: User) -> None:
    thread = handed()
    actions.reply(actor=cast.reviewer, thread=thread, body="More.")
    Invitation.objects.filter(pk=cast.invitation.pk).update(organisation="Rescue Works")
    policy(cast, peers_see=PeersSee.AT_ONCE)
    for person in (cast.lead, peer):
        [seen] = seen_by(person, cast)
        written = json.dumps(dataclasses.asdict(dataclasses.replace(seen, anchor=None)), default=str)
        for canary in (cast.reviewer.name, cast.reviewer.email, str(cast.reviewer.pk), "Rescue Works"):
            assert canary not in written
        assert f"Reviewer {cast.invitation.code}" in written
        assert seen.at is None, "authors see coarse times"


def test_the_editor_always_knows(cast: Cast, handed: Comment) -> None:
    handed()
    [seen] = seen_by(cast.editor, cast)
    assert cast.reviewer.name in seen.who


def test_authors_see_names_only_when_the_policy_says_so(cast: Cast, handed: Comment) -> None:
    handed()
    policy(cast, authors_see=AuthorsSee.NAMES)
    [seen] = seen_by(cast.lead, cast)
    assert cast.reviewer.name in seen.who


def test_authors_and_editors_speak_to_reviewers_by_their_part(cast: Cast, handed: Comment) -> None:
    thread = handed()
    actions.reply(actor=cast.lead, thread=thread, body="Why?")
    actions.reply(actor=cast.editor, thread=reload(thread), body="Indeed.")
    [seen] = seen_by(cast.reviewer, cast)
    assert [reply.who for reply in seen.replies] == ["Author", "Review editor"]
    assert cast.lead.name not in json.dumps([dataclasses.asdict(reply) for reply in seen.replies], default=str)


def test_an_answer_is_shown_to_the_reviewer_when_it_is_confirmed(cast: Cast, handed: Comment) -> None:
    thread = handed()
    actions.propose(actor=cast.lead, thread=thread, outcome="noted", response="Thank you.")
    assert seen_by(cast.reviewer, cast)[0].answer is None
    assert seen_by(cast.colleague, cast)[0].answer.label == "noted"
    actions.confirm(actor=cast.editor, disposition=reload(thread).disposition)
    answer = seen_by(cast.reviewer, cast)[0].answer
    assert (answer.label, answer.who, answer.proposed_by) == ("noted", "", None)


def test_a_reviewer_is_not_told_whose_comment_theirs_doubles(cast: Cast, comment: Comment, peer: User) -> None:
    mine = comment()
    theirs = actions.add_comment(actor=peer, round=fresh(cast.round), body="Same here.")
    actions.close_round(actor=cast.editor, round=fresh(cast.round))
    policy(cast, peers_see=PeersSee.NEVER)
    actions.propose(
        actor=cast.lead, thread=reload(mine), outcome="duplicate", response="As before.", duplicate_of=reload(theirs)
    )
    actions.confirm(actor=cast.editor, disposition=reload(mine).disposition)
    assert seen_by(cast.reviewer, cast)[0].answer.double == ""
    assert seen_by(cast.lead, cast)[0].answer.double


def test_seeing_many_comments_costs_no_more_queries_than_one(
    cast: Cast, comment: Comment, django_assert_num_queries: Any
) -> None:
    def count() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as queries:
            seen_by(cast.lead, cast)
        return len(queries)

    comment()
    actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    few = count()
    actions.resume(actor=cast.reviewer, round=fresh(cast.round))
    for number in range(12):
        comment(f"Number {number}.")
    actions.submit(actor=cast.reviewer, round=fresh(cast.round))
    assert count() == few


def test_authors_are_told_the_day_of_a_reply_and_no_minute(cast: Cast, handed: Comment) -> None:
    thread = handed()
    actions.reply(actor=cast.lead, thread=thread, body="Which source?")
    actions.reply(actor=cast.reviewer, thread=reload(thread), body="The yearbook.")

    def times(user: User) -> list[bool | None]:
        (seen,) = seen_by(user, cast)
        return [
            at and any((at.hour, at.minute, at.second, at.microsecond)) for at in (each.at for each in seen.replies)
        ]

    # Exact: one's own words, and everything for the editor.
    assert times(cast.lead) == [True, False]
    assert times(cast.colleague) == [False, False]
    assert times(cast.editor) == [True, True]
    assert times(cast.reviewer) == [None, True]
    assert seen_by(cast.lead, cast)[0].day.microsecond == 0

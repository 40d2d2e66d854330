"""How often the database is asked does not grow with what a page shows (SPEED)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Erasure, Sector, User
from brief.actions.sections import add_section
from brief.actions.threads import reply_to_thread, start_thread
from brief.actions.versions import freeze
from brief.states import OrderDraft
from ledger import holds
from review.actions.comments import add_comment
from review.models import ReviewThread
from review.states import CommentType, InvitationState, Severity
from tests.cast import Cast
from tests.factories.documents import doc, p

MORE = 6


def queries(cast: Cast, person: User, path: str) -> int:
    """How many a page takes, asked a second time: what is kept in memory is in memory then."""
    client = cast.client(person)
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def sections(cast: Cast) -> None:
    for number in range(MORE):
        add_section(
            actor=cast.lead,
            brief=cast.brief,
            title=f"Section {number}",
            doc=json.dumps(doc(p(f"Paragraph {number}."))),
        )


def threads(cast: Cast) -> None:
    for number in range(MORE):
        thread = start_thread(
            actor=cast.lead, section=cast.section, body=f"Note {number}", block="recruit00001", start=0, end=9
        )
        reply_to_thread(actor=cast.partner, thread=thread, body="Yes.")


def versions(cast: Cast) -> None:
    for _number in range(MORE):
        freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.FIRST)


def invitations(cast: Cast) -> None:
    for number in range(MORE):
        person = User.objects.create_user(f"further{number}@people.example", f"Further {number}")
        cast._invitation(person, InvitationState.ACCEPTED, Sector.NGO)


def comments(cast: Cast) -> None:
    for number in range(MORE):
        made = add_comment(
            actor=cast.reviewer,
            round=cast.round,
            body=f"Comment {number}",
            section=cast.section,
            block="recruit00001",
            type=CommentType.TECHNICAL,
            severity=Severity.MAJOR,
        )
        ReviewThread.objects.filter(pk=made.pk).update(handed_at=cast.comment.thread.created_at)


def people(cast: Cast) -> None:
    for number in range(MORE):
        person = User.objects.create_user(f"another{number}@people.example", f"Another {number}")
        holds.place(actor=cast.admin, reason="A court asked.", person=person)
        Erasure.objects.create(user=person, asked_by=cast.admin)


#: Page, who opens it, what there is more of the second time.
PAGES: list[tuple[str, str, Callable[[Cast], str], Callable[[Cast], None]]] = [
    ("the brief's home", "lead", lambda cast: f"/write/{cast.brief.pk}/", sections),
    ("the writing room", "lead", lambda cast: f"/write/{cast.brief.pk}/sections/{cast.section.pk}/", sections),
    ("the writing room", "lead", lambda cast: f"/write/{cast.brief.pk}/sections/{cast.section.pk}/", threads),
    ("versions", "editor", lambda cast: f"/write/{cast.brief.pk}/versions/", versions),
    ("a version", "editor", lambda cast: f"/write/{cast.brief.pk}/versions/1/", sections),
    ("the desk", "lead", lambda cast: "/desk/", comments),
    ("the board", "editor", lambda cast: f"/review/{cast.round.pk}/manage/", invitations),
    ("the board", "editor", lambda cast: f"/review/{cast.round.pk}/manage/", comments),
    ("the answers", "lead", lambda cast: f"/review/{cast.round.pk}/answers/", comments),
    ("the reading room", "reviewer", lambda cast: f"/review/{cast.round.pk}/", comments),
    (
        "a section of the reading room",
        "reviewer",
        lambda cast: f"/review/{cast.round.pk}/sections/{cast.section.pk}/",
        comments,
    ),
    ("how long records are kept", "admin", lambda cast: "/admin/keeping/", people),
    ("legal holds", "admin", lambda cast: "/admin/keeping/holds/", people),
    ("people's records", "admin", lambda cast: "/admin/keeping/people/", people),
    ("a person's records", "admin", lambda cast: f"/admin/keeping/people/{cast.reviewer.pk}/", comments),
    ("one's own comments", "reviewer", lambda cast: f"/review/{cast.round.pk}/comments/", comments),
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "person", "path", "more"),
    PAGES,
    ids=[f"{name}: {more.__name__}".replace(" ", "-") for name, _person, _path, more in PAGES],
)
def test_a_page_asks_no_more_when_there_is_more(
    cast: Cast, name: str, person: str, path: Callable[[Cast], str], more: Callable[[Cast], None]
) -> None:
    assert cast.version
    if more is not versions:
        # With an unanswered comment the next version may not be frozen.
        assert cast.comment
        assert cast.second_invitation
    assert cast.thread
    few = queries(cast, cast[person], path(cast))
    more(cast)
    many = queries(cast, cast[person], path(cast))
    # A page may find one thing in memory the second time, never the other way.
    assert many <= few + 1, f"{name}: {few} queries, then {many} with {MORE} more"


@pytest.mark.django_db
def test_opening_a_text_takes_few_queries(cast: Cast) -> None:
    assert cast.thread
    taken = queries(cast, cast.lead, f"/write/{cast.brief.pk}/sections/{cast.section.pk}/")
    # SPEED's target; sessions, rights and the side columns are in it.
    assert taken <= 12, taken

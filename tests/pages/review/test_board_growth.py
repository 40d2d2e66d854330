"""The board costs the same with a thousand invitations as with a page of them (SPEED)."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from review.board import SHOWN
from review.models import Invitation
from review.states import InvitationState
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def invite(cast: Cast, number: int, **fields: object) -> None:
    known = Invitation.objects.filter(round=cast.round).count()
    given = {"round": cast.round, "status": InvitationState.INVITED, "sendings": 1, "invited_at": timezone.now()}
    Invitation.objects.bulk_create(
        Invitation(
            email=f"r{order}@people.example",
            name=f"Number {order}",
            code=f"{chr(65 + order // 676)}{chr(65 + order // 26 % 26)}{chr(65 + order % 26)}",
            secret_hash=f"{order:064x}",
            secret_expires_at=timezone.now(),
            **{**given, **fields},
        )
        for order in range(known, known + number)
    )


def path(cast: Cast) -> str:
    return f"/review/{cast.round.pk}/manage/"


def shown(content: bytes) -> list[str]:
    return re.findall(r'<th scope="row">(\w+)</th>', content.decode())


def test_hundreds_of_invitations_cost_no_more_queries_nor_bytes_than_one_page(cast: Cast) -> None:
    client = cast.client(cast.editor)
    invite(cast, SHOWN + 1)
    client.get(path(cast))
    with CaptureQueriesContext(connection) as few:
        little = client.get(path(cast)).content
    invite(cast, 500)
    with CaptureQueriesContext(connection) as lots:
        much = client.get(path(cast)).content
    assert len(lots) == len(few) <= 13, [query["sql"][:160] for query in lots]
    assert len(much) <= len(little) * 1.05


def test_every_invitation_is_on_one_page_and_the_figures_are_of_all(cast: Cast) -> None:
    invite(cast, SHOWN + 3)
    invite(cast, 2, status=InvitationState.DRAFT, sendings=0, invited_at=None)
    client = cast.client(cast.editor)
    first, second = (client.get(path(cast), {"page": number}).content for number in (1, 2))
    assert len(shown(first)) == SHOWN and len(shown(second)) == 5
    assert not set(shown(first)) & set(shown(second))
    assert f"{SHOWN + 5} reviewers" in first.decode()
    assert "Send 2 invitations" in first.decode(), "also those of another page"


def test_counts_of_comments_are_each_ones_own(cast: Cast) -> None:
    assert cast.comment
    invite(cast, 3)
    row = re.search(rf"<tr>\s*<th scope=\"row\">{cast.invitation.code}</th>.*?</tr>", board(cast), re.S)
    assert row and '<td class="number" data-label="Comments">1</td>' in row[0]
    assert board(cast).count('data-label="Comments">0</td>') == 3


def board(cast: Cast) -> str:
    return cast.client(cast.editor).get(path(cast)).content.decode()

"""What is not there, not public or not for you: one and the same answer, to the byte."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.http import HttpResponse

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def told(response: HttpResponse) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in response.items() if name != "Date"}
    assert not response.cookies
    return response.status_code, headers, response.content


def test_the_public_gets_one_answer_for_everything_that_is_not_there(cast: Cast) -> None:
    client = cast.client(None)
    paths = ["/briefs/none/", f"/briefs/{cast.brief.slug}/", "/briefs/none/file.pdf", "/events/none/", "/demo/"]
    answers = [told(client.get(path)) for path in paths]
    assert all(answer == answers[0] for answer in answers)
    status, headers, body = answers[0]
    assert status == 404
    assert "no-store" in headers["Cache-Control"]
    assert b"none" not in body.replace(b"&#x27;none&#x27;", b"")


def test_a_person_gets_one_answer_for_what_is_not_theirs_and_what_is_not(cast: Cast) -> None:
    client = cast.client(cast.outsider)
    paths = [f"/write/{cast.brief.pk}/", f"/write/{uuid4()}/", "/nothing/at/all/", "/account/signup/"]
    answers = [told(client.get(path)) for path in paths]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 404

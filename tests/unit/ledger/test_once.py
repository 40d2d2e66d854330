"""A form that is sent again, because its answer never came, is done once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brief.models import Comment, Thread
from ledger import once
from ledger.models import Event
from tests.cast import Cast

TOKEN = "t" * 64


@pytest.fixture
def client(cast: Cast) -> Client:
    return cast.client(cast.lead)


def start(cast: Cast, client: Client, *, token: str = TOKEN, **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    data = {"body": "Which promises?", "csrfmiddlewaretoken": token, **fields}
    return client.post(f"/write/{cast.brief.pk}/sections/{cast.section.pk}/threads/", data, headers=headers)


def test_a_comment_sent_twice_is_there_once(cast: Cast, client: Client) -> None:
    first, second = start(cast, client), start(cast, client)
    assert (first.status_code, second.status_code) == (302, 303)
    assert first["Location"] == second["Location"]
    assert Comment.objects.count() == Thread.objects.count() == 1
    assert Event.objects.filter(verb="thread.started").count() == 1


def test_the_person_is_told_so(cast: Cast, client: Client) -> None:
    start(cast, client)
    page = client.get(start(cast, client)["Location"])
    assert "it was done once" in page.content.decode()


@pytest.mark.parametrize("change", [{"body": "And which not?"}, {"token": "u" * 64}, {"block": "recruit00001"}])
def test_another_form_is_another_deed(cast: Cast, client: Client, change: dict[str, str]) -> None:
    start(cast, client)
    assert start(cast, client, **change).status_code == 302
    assert Comment.objects.count() == 2


def test_another_person_may_send_the_same(cast: Cast, client: Client) -> None:
    start(cast, client)
    assert start(cast, cast.client(cast.partner)).status_code == 302
    assert Comment.objects.count() == 2


def test_what_was_refused_can_be_sent_again(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**fields: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("brief.actions.threads.threads.start", broken)
        with pytest.raises(RuntimeError):
            start(cast, client)
    assert not Event.objects.filter(verb="thread.started").exists()
    assert start(cast, client).status_code == 302
    assert Comment.objects.count() == 1


def test_where_it_led_is_a_courtesy(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache has forgotten it: back to the page with the form, if that is ours."""
    start(cast, client)
    once.cache.clear()
    assert start(cast, client)["Location"] == "/desk/"
    once.cache.clear()
    elsewhere = {"Referer": "https://evil.example/"}
    assert start(cast, client, headers=elsewhere)["Location"] == "/desk/"
    once.cache.clear()
    here = {"Referer": "http://testserver/write/"}
    assert start(cast, client, headers=here)["Location"] == "http://testserver/write/"


def test_scripts_name_their_request(cast: Cast, client: Client) -> None:
    named = {"Idempotency-Key": "k1", "Accept": "application/json"}
    first = start(cast, client, headers=named)
    assert first.status_code == 200 and "done" not in first.json()
    again = start(cast, client, headers=named, body="Other words under the same key")
    assert (again.status_code, again.json()) == (200, {"done": "before"})
    assert Comment.objects.count() == 1


def test_without_a_token_nothing_is_compared(cast: Cast, client: Client) -> None:
    for _time in range(2):
        assert start(cast, client, token="").status_code == 302
    assert Comment.objects.count() == 2
    assert not Event.objects.exclude(key="").exists()


def test_of_two_at_once_one_is_done(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other is stored between the question and the answer: the database's constraint decides."""
    start(cast, client)
    answers = iter([None, once.DoneBefore()])

    def late(key: str) -> None:
        answer = next(answers)
        if answer:
            raise answer

    monkeypatch.setattr(once, "check_first", late)
    assert start(cast, client).status_code == 303
    assert Comment.objects.count() == 1


def test_a_read_asks_nothing_more(cast: Cast, client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get("/desk/")
    assert not any("ledger_event" in each["sql"] and "key" in each["sql"] for each in asked)

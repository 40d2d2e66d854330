"""The health page: whole, or which part is not."""

from __future__ import annotations

import pytest
from django.test import Client

from config import parts
from tests.cast import Cast


@pytest.fixture
def all_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in parts.PARTS:
        monkeypatch.setitem(parts.PARTS, name, lambda: True)


def test_it_answers_200_when_everything_is_up(client: Client, all_up: None) -> None:
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"ok": True, "parts": dict.fromkeys(parts.PARTS, "up")}


@pytest.mark.parametrize("part", list(parts.PARTS))
def test_it_names_the_part_that_is_down(
    client: Client, all_up: None, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(parts.PARTS, part, lambda: False)
    response = client.get("/health/")
    assert response.status_code == 503
    assert [name for name, state in response.json()["parts"].items() if state == "down"] == [part]


def test_it_tells_a_stranger_no_more_and_is_not_kept(client: Client, all_up: None) -> None:
    response = client.get("/health/")
    assert set(response.json()) == {"ok", "parts"}
    assert "no-store" in response["Cache-Control"]
    assert "Set-Cookie" not in response


def test_it_takes_no_post(client: Client, all_up: None) -> None:
    assert client.post("/health/").status_code == 405


@pytest.mark.django_db
def test_a_sign_of_life_counts_while_it_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not parts.states()["worker"]
    parts.sign_of_life("worker")
    assert parts.states()["worker"]
    monkeypatch.setattr(parts, "FRESH", -1.0)
    assert not parts.states()["worker"]


@pytest.mark.django_db
def test_a_database_that_is_away_is_seen(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parts.states()["database"]
    known = parts.parameters()
    monkeypatch.setattr(parts, "parameters", lambda: {**known, "port": "1"})
    assert not parts.states()["database"]


def test_the_stream_without_a_stream_is_an_empty_answer(cast: Cast) -> None:
    """Where pages are served by WSGI alone a browser stops asking and polls."""
    assert cast.client(cast.lead).get(f"/live/?brief={cast.brief.pk}").status_code == 204
    assert cast.client(cast.outsider).get(f"/live/?brief={cast.brief.pk}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/static/icon.svg", "/static/none.svg", "/", "/desk/", "/account/login/", "/health/"])
def test_every_answer_carries_the_one_policy(client: Client, path: str) -> None:
    response = client.get(path)
    list(getattr(response, "streaming_content", ()))  # read to its end, so that the file is closed
    policy = response["Content-Security-Policy"]
    assert policy == client.get("/briefs/none/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy

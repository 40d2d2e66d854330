"""Strangers at private doors: one answer, whatever lies behind."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def told(response: HttpResponse) -> tuple[int, dict[str, str], bytes, dict[str, str]]:
    return response.status_code, dict(response.items()), response.content, dict(response.cookies)


@pytest.mark.parametrize("headers", [{}, {"Accept": "application/json"}, {"HX-Request": "true"}])
@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_the_answer_does_not_depend_on_what_is_there(cast: Cast, method: str, headers: dict[str, str]) -> None:
    paths = [f"/write/{cast.brief.pk}/", f"/write/{uuid4()}/", "/no/such/room/", "/desk/", "/admin/"]
    answers = [told(getattr(Client(), method)(path, headers=headers)) for path in paths]
    assert all(answer == answers[0] for answer in answers)


def test_a_page_is_redirected_without_saying_where_from(client: Client) -> None:
    response = client.get("/desk/?secret=1")
    assert (response.status_code, response["Location"]) == (302, "/account/login/")
    assert response["Cache-Control"] == "no-store"


def test_a_script_is_told_that_the_session_is_over(client: Client) -> None:
    response = client.get("/live/", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json()["signin"] == "/account/login/"


def test_htmx_goes_to_the_whole_page(client: Client) -> None:
    assert client.get("/desk/", headers={"HX-Request": "true"})["HX-Redirect"] == "/account/login/"

"""`/metrics/` is there for who holds the token, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-monitoring"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def same(first: Any, second: Any) -> bool:
    return (first.status_code, dict(first.items()), first.content) == (
        second.status_code,
        dict(second.items()),
        second.content,
    )


def test_who_holds_the_token_reads_them(client: Client) -> None:
    response = client.get("/metrics/", headers=BEARER)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert response["Cache-Control"] == "no-store"
    assert b"countersign_part_up" in response.content


def test_a_scrape_inside_the_house_needs_no_host_name_and_no_tls(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["portal.example"]
    assert client.get("/metrics/", headers={**BEARER, "Host": "10.0.0.7:8000"}).status_code == 200


WRONG = [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": "Bearer "}]


@pytest.mark.parametrize("headers", WRONG)
def test_a_stranger_meets_what_is_at_any_other_address(client: Client, headers: dict[str, str]) -> None:
    assert same(client.get("/metrics/", headers=headers), client.get("/nothing/", headers=headers))
    assert client.get("/metrics/", headers=headers)["Location"] == "/account/login/"


@pytest.mark.parametrize("headers", WRONG)
def test_a_person_meets_the_one_404_whoever_it_is(cast: Cast, headers: dict[str, str]) -> None:
    for person in (cast.lead, cast.admin):
        client = cast.client(person)
        answer = client.get("/metrics/", headers=headers)
        assert answer.status_code == 404
        assert same(answer, client.get("/nothing/", headers=headers))


@pytest.mark.parametrize("method", ["head", "post", "put", "delete", "options"])
def test_the_token_reads_and_does_nothing_else(client: Client, method: str) -> None:
    answer = getattr(client, method)("/metrics/", headers=BEARER)
    assert b"countersign" not in answer.content and answer.status_code == 302


def test_without_a_token_nobody_holds_it(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for header in ("Bearer ", "Bearer", f"Bearer {TOKEN}"):
        assert client.get("/metrics/", headers={"Authorization": header}).status_code == 302

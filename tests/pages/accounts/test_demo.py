"""The demonstration's page: this machine only, and only in the demonstration."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts import second_factor
from ledger.models import Mail
from ledger.states import MailState
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_it_does_not_exist_outside_the_demonstration(client: Client) -> None:
    assert client.get("/demo/").status_code == 404
    assert client.get("/components/").status_code == 404


@pytest.mark.parametrize(
    "meta",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_FORWARDED": "for=127.0.0.1"}],
)
def test_it_refuses_other_machines(client: Client, settings: Any, meta: dict[str, str]) -> None:
    settings.DEMO = True
    assert client.get("/demo/", **meta).status_code == 404  # type: ignore[arg-type]


def test_it_shows_who_can_sign_in_with_the_codes_of_their_apps(cast: Cast, client: Client, settings: Any) -> None:
    settings.DEMO = True
    page = client.get("/demo/").content.decode()
    assert cast.lead.email in page
    codes = {second_factor.current_code(cast.approver, ahead=step) for step in (-1, 0)}
    assert any(code in page for code in codes)


def test_it_shows_mails_with_their_words(client: Client, settings: Any) -> None:
    settings.DEMO = True
    mail = Mail.objects.create(
        name="x", to="a@b.example", subject="Hello", message_id="<1>", state=MailState.SENT, demo_body="Your code"
    )
    assert "Your code" in client.get("/demo/").content.decode()
    assert client.get(f"/demo/?after={mail.pk}").status_code == 204


def test_it_shows_every_component(client: Client, settings: Any) -> None:
    settings.DEMO = True
    assert client.get("/components/").status_code == 200

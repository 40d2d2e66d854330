"""One's own pages: profile, second factor, sessions, signing out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts import second_factor
from accounts.models import SpentFactor
from ledger.models import Event
from ledger.refusals import NotAllowed
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGES = ["/account/", "/account/factor/", "/account/factor/app/", "/account/factor/passkeys/",
         "/account/factor/passkeys/add/", "/account/sessions/", "/account/sso/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_for_the_person_alone(cast: Cast, path: str) -> None:
    response = cast.client(cast.lead).get(path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    stranger = Client().get(path)
    assert (stranger.status_code, stranger["Location"]) == (302, "/account/login/")


def test_the_profile_keeps_name_and_zone(cast: Cast) -> None:
    client = cast.client(cast.lead)
    response = client.post("/account/", {"name": "Lea L.", "zone": "Africa/Nairobi"})
    assert response["Location"] == "/account/"
    cast.lead.refresh_from_db()
    assert (cast.lead.name, cast.lead.zone) == ("Lea L.", "Africa/Nairobi")


def test_the_event_of_a_changed_profile_names_no_values(cast: Cast) -> None:
    cast.client(cast.lead).post("/account/", {"name": "Secret Name", "zone": "UTC"})
    event = Event.objects.get(verb="profile.changed")
    assert "Secret" not in repr(vars(event))


def test_an_unknown_zone_is_refused(cast: Cast) -> None:
    response = cast.client(cast.lead).post("/account/", {"name": "Lea", "zone": "Middle/Earth"})
    assert response.status_code == 200
    cast.lead.refresh_from_db()
    assert cast.lead.zone == "UTC"


@pytest.fixture
def with_app(transactional_db: None, cast: Cast) -> Client:
    """The lead's client, an app just set up. What follows the commit must happen inside the request."""
    client = cast.client(cast.lead)
    secret = client.get("/account/factor/app/").context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    response = client.post("/account/factor/app/", {"code": code})
    assert response["Location"] == "/account/factor/codes/"
    return client


def test_an_app_is_set_up_with_its_first_code(cast: Cast, with_app: Client, run_jobs: Callable[[], int]) -> None:
    assert second_factor.has_one(cast.lead)
    run_jobs()
    assert {message.subject for message in mail.outbox} == {"Your account was changed"}
    assert "An authenticator app was added" in str([message.body for message in mail.outbox])


def test_the_seed_of_an_app_is_encrypted(cast: Cast) -> None:
    second_factor.enrol_totp(cast.lead, "JBSWY3DPEHPK3PXP")
    row = Authenticator.objects.get(user=cast.lead)
    assert "JBSWY3DPEHPK3PXP" not in repr(row.data)
    assert second_factor.current_code(cast.lead)


def test_recovery_codes_are_shown_without_noting_it(with_app: Client) -> None:
    before = list(Authenticator.objects.order_by("pk").values())
    codes = with_app.get("/account/factor/codes/").context["unused_codes"]
    assert codes
    assert with_app.get("/account/factor/codes/file/").content.decode().split() == codes
    assert list(Authenticator.objects.order_by("pk").values()) == before


def test_recovery_codes_ask_again_who_it_is_in_an_old_session(cast: Cast, with_app: Client) -> None:
    later = cast.client(cast.lead).get("/account/factor/codes/")
    assert later["Location"].startswith("/account/again/")


def test_a_code_shown_again_does_not_sign_as_well(cast: Cast, with_app: Client) -> None:
    cache.clear()  # where allauth remembers the code that set the app up
    code = second_factor.current_code(cast.lead, ahead=1)  # the present one set the app up
    assert with_app.post("/account/again/factor/", {"code": code}).status_code == 302
    with pytest.raises(NotAllowed, match="used already"):
        second_factor.verify(user=cast.lead, code=code)


def test_the_code_that_set_an_app_up_does_not_sign_as_well(cast: Cast, with_app: Client) -> None:
    spent = SpentFactor.objects.get(user=cast.lead)
    step = int(spent.key.partition(":")[2])
    code = second_factor.current_code(cast.lead, ahead=step - second_factor._step())
    with pytest.raises(NotAllowed, match="used already"):
        second_factor.verify(user=cast.lead, code=code)


def test_signing_out_takes_a_post_and_clears_the_device(cast: Cast) -> None:
    client = cast.client(cast.lead)
    assert client.get("/account/logout/").status_code == 405
    assert client.get("/desk/").status_code == 200
    response = client.post("/account/logout/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/desk/").status_code == 302


def test_a_passkey_of_somebody_else_cannot_be_named(cast: Cast) -> None:
    key = Authenticator.objects.create(
        user=cast.partner, type=Authenticator.Type.WEBAUTHN, data={"name": "theirs", "credential": {}}
    )
    client = cast.client(cast.lead)
    assert client.get(f"/account/factor/passkeys/{key.pk}/").status_code == 404
    assert client.post(f"/account/factor/passkeys/{key.pk}/remove/").status_code == 404


def test_an_administrator_without_a_second_factor_is_sent_to_set_one_up(cast: Cast) -> None:
    cast.lead.is_staff = True
    cast.lead.save()
    response = cast.client(cast.lead).get("/admin/")
    assert (response.status_code, response["Location"]) == (302, "/account/factor/")


def test_the_administration_is_not_there_for_others(cast: Cast) -> None:
    assert cast.client(cast.partner).get("/admin/").status_code == 404
    assert cast.client(cast.partner).get("/admin/login/").status_code == 404
    assert cast.client(cast.admin).get("/admin/").status_code == 200

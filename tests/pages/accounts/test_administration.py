"""The administration: for administrators with a second factor, people without passwords."""

from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGES = ["", "accounts/user/", "accounts/user/add/", "accounts/organisation/", "accounts/organisation/add/",
         "accounts/state/"]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_an_administrator_only(cast: Cast, page: str) -> None:
    assert cast.client(cast.admin).get(f"/admin/{page}").status_code == 200
    assert cast.client(cast.editor).get(f"/admin/{page}").status_code == 404
    assert cast.client(None).get(f"/admin/{page}")["Location"] == "/account/login/"


def test_a_person_is_added_by_their_address(cast: Cast) -> None:
    fields = {"email": "New.Person@People.example", "name": "New Person", "zone": "UTC", "is_active": "on"}
    cast.client(cast.admin).post("/admin/accounts/user/add/", fields)
    person = User.objects.get(email="new.person@people.example")
    assert not person.has_usable_password()
    assert not person.is_staff


def test_two_people_never_differ_by_case_alone(cast: Cast) -> None:
    fields = {"email": cast.lead.email.upper(), "name": "Twin", "zone": "UTC", "is_active": "on"}
    page = cast.client(cast.admin).post("/admin/accounts/user/add/", fields)
    assert page.status_code == 200
    assert User.objects.filter(email__iexact=cast.lead.email).count() == 1


def test_people_are_closed_not_deleted(cast: Cast) -> None:
    assert cast.client(cast.admin).post(f"/admin/accounts/user/{cast.former.pk}/delete/").status_code == 403
    assert User.objects.filter(pk=cast.former.pk).exists()


def test_an_organisation_is_added(cast: Cast) -> None:
    fields = {"name": "Third", "short_name": "Third", "slug": "third", "sector": "ngo",
              "membership_set-TOTAL_FORMS": "0", "membership_set-INITIAL_FORMS": "0"}  # fmt: skip
    cast.client(cast.admin).post("/admin/accounts/organisation/add/", fields)
    assert Organisation.objects.filter(slug="third").exists()


@pytest.mark.parametrize(
    "path",
    ("mfa/authenticator", "usersessions/usersession", "account/emailaddress", "socialaccount/socialaccount"),
)
def test_no_administrator_reaches_into_how_people_sign_in(cast: Cast, path: str) -> None:
    """Alone they could take a second factor away, or read from where a reviewer came."""
    client = cast.client(cast.admin)
    assert client.get(f"/admin/{path}/").status_code == 404
    assert client.post(f"/admin/{path}/add/", {}).status_code == 404
    assert f"/admin/{path}/" not in client.get("/admin/").content.decode()

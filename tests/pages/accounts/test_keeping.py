"""The pages on which administrators say how long records are kept, hold them, and let go of people."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.test import Client

from accounts import second_factor
from accounts.models import Erasure, User
from ledger import holds, jobs
from ledger.models import Event, Hold, Period
from tests.cast import TOTP, Cast

pytestmark = pytest.mark.django_db
PAGES = ["/admin/keeping/", "/admin/keeping/holds/", "/admin/keeping/people/"]


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.client(cast.admin)


@pytest.fixture
def second(cast: Cast) -> Client:
    """Another administrator, signed in with their code alone: they have an app."""
    person = User.objects.create_user("second.admin@people.example", "Sec Admin", is_staff=True)
    second_factor.enrol_totp(person, TOTP)
    return cast.client(person)


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_there_for_administrators_alone(cast: Cast, path: str) -> None:
    assert cast.client(cast.admin).get(path).status_code == 200
    assert cast.client(cast.editor).get(path).status_code == 404
    assert cast.client(None).get(path)["Location"] == "/account/login/"


def test_the_administration_leads_there(admin: Client) -> None:
    page = text(admin, "/admin/")
    assert all(path in page for path in PAGES)


def test_periods_are_listed_and_changed(admin: Client) -> None:
    assert "Reading marks" in text(admin, "/admin/keeping/")
    assert admin.post("/admin/keeping/", {"class": "mails", "days": "30"}).status_code == 302
    assert Period.objects.get(pk="mails").days == 30
    admin.post("/admin/keeping/", {"class": "mails", "days": ""})
    assert Period.objects.get(pk="mails").days is None
    assert "Saved." in text(admin, "/admin/keeping/")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"class": "mails", "days": "1"}, "at least 7 days"),
        ({"class": "mails", "days": "soon"}, "Days are a whole number"),
        ({"class": "mails", "days": "-4"}, "Days are a whole number"),
        ({"class": "signatures", "days": "4"}, "no such class"),
    ],
)
def test_a_period_that_cannot_be_says_so(admin: Client, fields: dict[str, str], sentence: str) -> None:
    page = admin.post("/admin/keeping/", fields, follow=True).content.decode()
    assert sentence in page
    assert not Period.objects.exists()


def test_what_went_last_night_is_told(admin: Client) -> None:
    assert "Not applied yet" in text(admin, "/admin/keeping/")
    jobs.enqueue("retention", key="retention:test")
    jobs.run_due()
    assert "Last applied" in text(admin, "/admin/keeping/")


def test_a_hold_is_placed_on_a_brief_and_lifted(cast: Cast, admin: Client) -> None:
    fields = {"brief": str(cast.brief.pk), "address": "", "reason": "A court asked."}
    assert admin.post("/admin/keeping/holds/", fields).status_code == 302
    hold = Hold.objects.get()
    page = text(admin, "/admin/keeping/holds/")
    assert cast.brief.title in page
    assert "A court asked." in page
    admin.post(f"/admin/keeping/holds/{hold.pk}/lift/", {"reason": "The case is closed."})
    hold.refresh_from_db()
    assert hold.lifted_by == cast.admin
    assert "The case is closed." in text(admin, "/admin/keeping/holds/")


def test_a_hold_is_placed_on_a_person(cast: Cast, admin: Client) -> None:
    admin.post("/admin/keeping/holds/", {"brief": "", "address": cast.lead.email.upper(), "reason": "Why not."})
    assert Hold.objects.get().person == cast.lead
    assert cast.lead.name in text(admin, "/admin/keeping/holds/")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "Why."}, "on one brief or on one person"),
        ({"reason": "", "address": "lead@people.example"}, "This field is required"),
        ({"reason": "Why.", "address": "nobody@people.example"}, "Nobody here has this address"),
        ({"reason": "Why.", "brief": "4d2b4c80-0000-4000-8000-000000000000"}, "Select a valid choice"),
    ],
)
def test_a_hold_that_cannot_be_says_so(admin: Client, fields: dict[str, str], sentence: str) -> None:
    response = admin.post("/admin/keeping/holds/", fields)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Hold.objects.exists()


def test_lifting_wants_a_reason(cast: Cast, admin: Client) -> None:
    response = admin.post(f"/admin/keeping/holds/{cast.hold.pk}/lift/", {"reason": " "})
    assert response.status_code == 409
    assert Hold.objects.get().lifted_at is None


def test_a_person_is_found_by_name_or_address(cast: Cast, admin: Client) -> None:
    for asked in ("former@", "fay"):
        page = text(admin, f"/admin/keeping/people/?q={asked}")
        assert cast.former.email in page
        assert cast.lead.email not in page
    assert "Nobody is found by that." in text(admin, "/admin/keeping/people/?q=nobody%00")


def test_two_administrators_forget_a_person(cast: Cast, admin: Client, second: Client) -> None:
    path = f"/admin/keeping/people/{cast.former.pk}/"
    typed = {"typed": cast.former.email}
    assert "Ask for it" in text(admin, path)
    admin.post(f"{path}erase/", {"act": "ask", **typed})
    assert "Confirm and forget" not in text(admin, path)
    assert cast.former.name in text(second, "/admin/keeping/people/")
    assert "Confirm and forget" in text(second, path)
    second.post(f"{path}erase/", {"act": "confirm", **typed})
    assert "it is under way" in text(second, path)
    jobs.run_due()
    page = text(second, path)
    assert "has been forgotten" in page
    assert "Former member #1" in page


def test_a_request_is_taken_back(cast: Cast, admin: Client, second: Client) -> None:
    path = f"/admin/keeping/people/{cast.former.pk}/erase/"
    admin.post(path, {"act": "ask", "typed": cast.former.email})
    second.post(path, {"act": "cancel"})
    assert not Erasure.objects.exists()


def test_what_stands_in_the_way_is_said_beforehand(cast: Cast, admin: Client) -> None:
    holds.place(actor=cast.admin, reason="A court asked.", person=cast.former)
    page = text(admin, f"/admin/keeping/people/{cast.former.pk}/")
    assert "under a legal hold" in page
    assert "disabled" in page
    refused = admin.post(f"/admin/keeping/people/{cast.former.pk}/erase/", {"act": "ask", "typed": cast.former.email})
    assert refused.status_code == 409


def test_a_hold_that_came_between_is_told_afterwards(cast: Cast, admin: Client, second: Client) -> None:
    path = f"/admin/keeping/people/{cast.former.pk}/"
    admin.post(f"{path}erase/", {"act": "ask", "typed": cast.former.email})
    second.post(f"{path}erase/", {"act": "confirm", "typed": cast.former.email})
    holds.place(actor=cast.admin, reason="A court asked.", person=cast.former)
    jobs.run_due()
    assert "Not forgotten." in text(admin, path)


def test_nobody_erases_themselves_and_no_act_is_made_up(cast: Cast, admin: Client) -> None:
    assert "Two other administrators" in text(admin, f"/admin/keeping/people/{cast.admin.pk}/")
    assert admin.post(f"/admin/keeping/people/{cast.former.pk}/erase/", {"act": "sudo"}).status_code == 404


def given(client: Client, path: str) -> zipfile.ZipFile:
    response = client.post(path)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="personal-data.zip"'
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_people_get_their_own_data(cast: Cast) -> None:
    client = cast.client(cast.reviewer)
    assert "My data" in text(client, "/account/")
    assert "Download" in text(client, "/account/data/")
    assert not Event.objects.filter(verb="person.exported").exists()
    for _time in range(2):
        account = json.loads(given(client, "/account/data/").read("account.json"))
        assert account[0]["email"] == cast.reviewer.email
    assert Event.objects.filter(verb="person.exported", actor=cast.reviewer).count() == 2


def test_an_administrator_gets_it_for_somebody(cast: Cast, admin: Client) -> None:
    packed = given(admin, f"/admin/keeping/people/{cast.former.pk}/data/")
    assert json.loads(packed.read("account.json"))[0]["name"] == cast.former.name
    assert Event.objects.get(verb="person.exported").actor == cast.admin

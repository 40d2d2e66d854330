"""Signing in: a code by mail, then the second factor where there is one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import second_factor, sign_in
from accounts.models import SignInCode, User
from ledger.models import Job
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Jobs = Callable[[], int]


def ask(client: Client, address: str) -> None:
    response = client.post("/account/login/", {"email": address})
    assert (response.status_code, response["Location"]) == (302, "/account/login/code/")


def mailed_code() -> str:
    found = re.search(r"\b\d{3} \d{3}\b", str(mail.outbox[-1].body))
    assert found
    return found.group()


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_from_the_mail_signs_in(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    ask(client, cast.lead.email)
    run_jobs()
    assert mail.outbox[-1].to == [cast.lead.email]
    response = client.post("/account/login/code/", {"code": mailed_code()})
    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert signed_in(client)


def test_the_address_is_found_whatever_its_case(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    ask(client, cast.lead.email.upper())
    run_jobs()
    assert client.post("/account/login/code/", {"code": mailed_code()})["Location"] == "/desk/"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast: Cast, run_jobs: Jobs) -> None:
    pages = {}
    for address in (cast.lead.email, "xead@people.example"):
        client = Client()
        ask(client, address)
        body = client.get("/account/login/code/").content.decode()
        pages[address] = re.sub(r'value="[A-Za-z0-9]{64}"', "", body).replace(address, "")
    run_jobs()
    first, second = pages.values()
    assert first == second
    assert [message.to for message in mail.outbox] == [[cast.lead.email]]


def test_asking_for_an_unknown_address_does_the_same_work(cast: Cast) -> None:
    """As many statements, so that they take as long; and nothing of the address is kept."""
    asked = {}
    for address in (cast.lead.email, "xead@people.example"):
        client = Client()
        client.get("/account/login/")
        with CaptureQueriesContext(connection) as queries:
            ask(client, address)
        asked[address] = [re.sub(r"'[^']*'|\d+", "", each["sql"])[:60] for each in queries]
    known, unknown = asked.values()
    assert len(known) == len(unknown)
    assert [each[:12] for each in known] == [each[:12] for each in unknown]
    stored = repr([vars(row) for row in (*SignInCode.objects.all(), *Job.objects.all())])
    assert "xead" not in stored


def test_a_closed_account_gets_no_code(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    ask(client, cast.lead.email)
    run_jobs()
    assert mail.outbox == []


def test_nothing_but_the_mail_holds_the_code(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    ask(client, cast.lead.email)
    run_jobs()
    code = mailed_code().replace(" ", "")
    stored = [repr(vars(row)) for row in (*SignInCode.objects.all(), *Job.objects.all())]
    stored.append(repr(dict(client.session)))
    assert not [row for row in stored if code in re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|0\.\d+", "", row)]


def test_a_code_works_once(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    ask(client, cast.lead.email)
    run_jobs()
    code = mailed_code()
    client.post("/account/login/code/", {"code": code})
    row = SignInCode.objects.get()
    assert row.used_at
    other = Client()
    ask(other, cast.lead.email)
    other.post("/account/login/code/", {"code": code})
    assert not signed_in(other)


def test_a_code_of_another_person_does_not_work(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    ask(Client(), cast.partner.email)
    ask(client, cast.lead.email)
    run_jobs()
    codes = {message.to[0]: str(message.body) for message in mail.outbox}
    found = re.search(r"\d{3} \d{3}", codes[cast.partner.email])
    assert found
    client.post("/account/login/code/", {"code": found.group()})
    assert not signed_in(client)


def test_five_wrong_codes_end_it_also_for_the_right_one(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    ask(client, cast.lead.email)
    run_jobs()
    right = mailed_code()
    wrong = "111 111" if right != "111 111" else "222 222"
    for _try in range(5):
        response = client.post("/account/login/code/", {"code": wrong})
    assert response.status_code == 302
    client.post("/account/login/code/", {"code": right})
    assert not signed_in(client)


def test_tries_at_the_same_moment_count_each(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    """What many requests read of the session before any of them has written."""
    ask(client, cast.lead.email)
    run_jobs()
    code = mailed_code()
    row = SignInCode.objects.get()
    assert not any(sign_in.matches(str(row.pk), "000 000" if code != "000 000" else "111 111") for _try in range(5))
    assert not sign_in.matches(str(row.pk), code)
    client.post("/account/login/code/", {"code": code})
    assert not signed_in(client)


def test_the_entrance_takes_its_time_for_everybody(cast: Cast, settings: Any, run_jobs: Jobs) -> None:
    settings.ENTRANCE_SECONDS = 0.1
    for address in (cast.lead.email, "xead@people.example"):
        client = Client()
        for visit in (
            lambda: ask(client, address),  # noqa: B023
            lambda: client.get("/account/login/code/"),  # noqa: B023
            lambda: client.post("/account/login/code/", {"code": "111111"}),  # noqa: B023
        ):
            began = time.monotonic()
            visit()
            assert time.monotonic() - began >= 0.1


def test_a_code_of_eleven_minutes_ago_does_not_work(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    ask(client, cast.lead.email)
    run_jobs()
    SignInCode.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    client.post("/account/login/code/", {"code": mailed_code()})
    assert not signed_in(client)


def test_the_wrong_code_is_told_with_what_to_do(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    ask(client, cast.lead.email)
    run_jobs()
    page = client.post("/account/login/code/", {"code": "000000"})
    assert "After five tries" in page.content.decode()


def test_one_can_start_again_with_another_address(cast: Cast, client: Client) -> None:
    ask(client, "tpyo@people.example")
    assert client.get("/account/login/")["Location"].startswith("/account/login/code/")
    client.post("/account/logout/")
    assert client.get("/account/login/").status_code == 200


def test_many_codes_for_one_address_are_refused(cast: Cast, client: Client) -> None:
    answers = [Client().post("/account/login/", {"email": cast.lead.email}).status_code for _try in range(5)]
    assert answers[:3] == [302] * 3
    assert 200 in answers[3:]


def test_whoever_has_an_app_is_asked_for_its_code(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    ask(client, cast.approver.email)
    run_jobs()
    response = client.post("/account/login/code/", {"code": mailed_code()})
    assert response["Location"] == "/account/login/factor/"
    assert not signed_in(client)
    response = client.post("/account/login/factor/", {"code": second_factor.current_code(cast.approver)})
    assert response["Location"] == "/desk/"
    assert signed_in(client)


def test_a_code_of_the_app_that_signed_in_signs_nothing_else(cast: Cast, client: Client, run_jobs: Jobs) -> None:
    code = second_factor.current_code(cast.approver)
    assert second_factor.spend_totp(cast.approver, code)
    ask(client, cast.approver.email)
    run_jobs()
    client.post("/account/login/code/", {"code": mailed_code()})
    page = client.post("/account/login/factor/", {"code": code})
    assert "used already" in page.content.decode()
    assert not signed_in(client)


@pytest.mark.parametrize("path", ["signup", "email", "password/change", "password/set", "password/reset", "email/sent"])
def test_there_is_no_page_for_what_we_do_not_offer(cast: Cast, path: str) -> None:
    client = cast.client(cast.lead)
    assert client.get(f"/account/{path}/").status_code == 404
    assert client.post(f"/account/{path}/", {"email": "a@b.example"}).status_code == 404


def test_the_sign_in_pages_have_no_inline_code(client: Client) -> None:
    page = client.get("/account/login/").content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)
    assert " style=" not in page and "<style" not in page


def test_who_says_that_others_use_the_device_is_remembered_for_the_session(
    cast: Cast, client: Client, run_jobs: Jobs
) -> None:
    for said in (True, False):
        client.post("/account/login/", {"email": cast.lead.email} | ({"shared_device": "on"} if said else {}))
        run_jobs()
        client.post("/account/login/code/", {"code": mailed_code()})
        page = client.get(f"/write/{cast.brief.pk}/sections/{cast.section.pk}/").content.decode()
        assert f'data-shared-device="{str(said).lower()}"' in page
        client.post("/account/logout/")

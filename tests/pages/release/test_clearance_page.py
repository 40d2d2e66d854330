"""The pages of clearance and launch: who sees what, who does what, what a refusal shows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.models import SpentFactor
from brief.actions import freeze
from brief.models import Brief
from ledger.models import Event, Job
from release import actions
from release.models import Embargo, GateResult, LaunchEvent, Release, SignOff
from release.states import ReleaseState
from tests.cast import Cast
from tests.factories.releases import (
    CANARY,
    again,
    building,
    cleared,
    give_signature,
    in_clearance,
    published,
    ready,
    scheduled,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_files")]

MEMBERS = ("lead", "colleague", "partner", "editor", "approver", "partner_approver", "press", "observer")
STRANGERS = ("outsider", "former", "reviewer", "admin")


def url(name: str, release: Release, *args: Any) -> str:
    return reverse(f"release:{name}", args=[release.pk, *args])


POSTS = ("sign", "return", "check", "reopen", "embargo", "hold", "resume", "event", "withdraw")


def status(client: Client, address: str) -> int:
    """Of an answer, read to its end: then the client closes its file, and not the test's connection."""
    response = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def text(response: Any) -> str:
    return response.content.decode()


def code(cast: Cast, who: str) -> str:
    SpentFactor.objects.all().delete()
    return second_factor.current_code(cast[who])


def every_get(release: Release) -> list[str]:
    return [
        reverse("release:brief", args=[release.brief_id]),
        url("clearance", release),
        url("progress", release),
        url("artefact", release, "brief.pdf"),
        url("artefact", release, "pages/meta.json"),
        url("preview", release),
        url("launch", release),
    ]


# --- who sees -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", MEMBERS)
def test_everyone_with_a_role_opens_the_pages(cast: Cast, who: str) -> None:
    release = in_clearance(cast)
    client = cast.client(cast[who])
    assert [status(client, address) for address in every_get(release)] == [200] * 7


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_finds_nothing(cast: Cast, who: str) -> None:
    release = in_clearance(cast)
    client = cast.client(cast[who])
    assert {status(client, address) for address in every_get(release)} == {404}


def test_an_anonymous_visitor_is_sent_to_sign_in(cast: Cast, client: Client) -> None:
    release = in_clearance(cast)
    answers = {(response.status_code, response["Location"]) for response in map(client.get, every_get(release))}
    assert answers == {(302, "/account/login/")}


def test_files_are_private_and_never_kept(cast: Cast) -> None:
    release = in_clearance(cast)
    client = cast.client(cast.approver)
    pdf = client.get(url("artefact", release, "brief.pdf"))
    word = client.get(url("artefact", release, "brief.docx"))
    assert pdf["Content-Disposition"].startswith("inline")
    assert word["Content-Disposition"].startswith("attachment")
    assert pdf["Cache-Control"] == word["Cache-Control"] == "private, no-store"
    assert CANARY.encode() in b"".join(pdf.streaming_content)


@pytest.mark.parametrize("name", ["../brief.pdf", "nothing.pdf", "pages/../brief.pdf", "brief.pdf/"])
def test_a_file_that_is_not_there_is_a_404(cast: Cast, name: str) -> None:
    release = in_clearance(cast)
    address = url("clearance", release) + "files/" + name
    assert cast.client(cast.approver).get(address).status_code == 404


def test_a_file_of_another_release_is_a_404(cast: Cast) -> None:
    first = in_clearance(cast)
    actions.reopen(actor=cast.editor, release=first, reason="Again.")
    second = building(cast)
    assert cast.client(cast.approver).get(url("artefact", second, "brief.pdf")).status_code == 404


def test_reading_changes_nothing(cast: Cast) -> None:
    release = in_clearance(cast)
    client = cast.client(cast.approver)
    before = (Event.objects.count(), Job.objects.count(), SignOff.objects.count())
    with CaptureQueriesContext(connection) as queries:
        for address in every_get(release):
            status(client, address)
    assert not [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert before == (Event.objects.count(), Job.objects.count(), SignOff.objects.count())


@pytest.mark.parametrize(
    "name", ["sign", "return", "check", "reopen", "embargo", "hold", "resume", "event", "withdraw"]
)
def test_nothing_is_done_by_looking(cast: Cast, name: str) -> None:
    release = in_clearance(cast)
    assert cast.client(cast.editor).get(url(name, release)).status_code == 405


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    release = in_clearance(cast)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url("clearance", release))
        return len(queries)

    client = cast.client(cast.approver)
    client.get(url("clearance", release))
    before = count()
    for _each in range(4):
        actions.return_release(
            actor=cast.partner_approver, release=release, manifest_sha256=release.manifest_sha256, reason="No."
        )
    for number in range(20):
        GateResult.objects.create(release=release, gate=f"gate-{number}", order=100 + number, state="green")
    assert count() == before
    assert before <= 32


# --- building -------------------------------------------------------------------------------------


def test_the_editor_builds_a_candidate_on_the_page(cast: Cast) -> None:
    brief = ready(cast)
    client = cast.client(cast.editor)
    address = reverse("release:brief", args=[brief.pk])
    assert "No candidate yet" in text(client.get(address))
    response = client.post(address, {"version": str(cast.version.pk), "edition": "1.0"})
    release = Release.objects.get()
    assert response["Location"] == url("clearance", release)
    page = text(client.get(url("clearance", release)))
    assert "Building the candidate" in page
    assert "hx-get" in page


def test_a_refused_edition_is_said_on_the_page(cast: Cast) -> None:
    brief = ready(cast)
    response = cast.client(cast.editor).post(
        reverse("release:brief", args=[brief.pk]), {"version": str(cast.version.pk), "edition": "first"}
    )
    assert "An edition is written like 1.0 or 2.1." in text(response)


@pytest.mark.parametrize("who", ["lead", "approver", "press"])
def test_others_have_no_form_and_may_not_post(cast: Cast, who: str) -> None:
    brief = ready(cast)
    client = cast.client(cast[who])
    address = reverse("release:brief", args=[brief.pk])
    assert "<form method" not in text(client.get(address)).partition("<main")[2].partition("</main")[0]
    assert client.post(address, {"version": str(cast.version.pk), "edition": "1.0"}).status_code == 403


def test_a_finished_build_reloads_the_page(cast: Cast) -> None:
    release = building(cast)
    client = cast.client(cast.editor)
    assert "HX-Refresh" not in client.get(url("progress", release)).headers
    from ledger import jobs

    jobs.run_due()
    assert client.get(url("progress", release))["HX-Refresh"] == "true"


# --- signing --------------------------------------------------------------------------------------


def test_an_approver_signs_on_the_page(cast: Cast) -> None:
    release = in_clearance(cast)
    client = cast.client(cast.approver)
    page = text(client.get(url("clearance", release)))
    assert "Sign for Organisation North" in page
    assert release.manifest_sha256 in page
    response = client.post(
        url("sign", release), {"manifest_sha256": release.manifest_sha256, "code": code(cast, "approver")}, follow=True
    )
    assert "You have signed" in text(response)
    assert SignOff.objects.get().approver == cast.approver


def test_a_wrong_code_shows_the_page_with_the_reason(cast: Cast) -> None:
    release = in_clearance(cast)
    response = cast.client(cast.approver).post(
        url("sign", release), {"manifest_sha256": release.manifest_sha256, "code": "000000"}
    )
    assert response.status_code == 403
    assert "not right" in text(response)
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("posted", [{}, {"manifest_sha256": "xyz", "code": "123456"}, {"code": "123456"}])
def test_an_incomplete_post_signs_nothing(cast: Cast, posted: dict[str, str]) -> None:
    release = in_clearance(cast)
    response = cast.client(cast.approver).post(url("sign", release), posted)
    assert response.status_code == 422
    assert not SignOff.objects.exists()


def test_a_page_that_is_out_of_date_signs_nothing(cast: Cast) -> None:
    release = in_clearance(cast)
    response = cast.client(cast.approver).post(
        url("sign", release), {"manifest_sha256": "0" * 64, "code": code(cast, "approver")}
    )
    assert response.status_code == 409
    assert "has changed since you opened this page" in text(response)


def test_blocked_gates_disable_the_button_with_their_reason(cast: Cast) -> None:
    release = in_clearance(cast)
    GateResult.objects.filter(gate="objectives").update(state="blocked")
    page = text(cast.client(cast.approver).get(url("clearance", release)))
    assert "1 gates are not green" in page or "not green" in page
    assert 'aria-describedby="why-not-sign"' in page


@pytest.mark.parametrize("who", ["lead", "editor", "press", "observer"])
def test_who_may_not_sign_has_no_form_and_is_refused(cast: Cast, who: str) -> None:
    release = in_clearance(cast)
    client = cast.client(cast[who])
    assert 'id="sign"' not in text(client.get(url("clearance", release)))
    posted = {"manifest_sha256": release.manifest_sha256, "code": "123456", "reason": "No."}
    assert client.post(url("sign", release), posted).status_code == 403
    assert client.post(url("return", release), posted).status_code == 403


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize(
    "name", ["sign", "return", "check", "reopen", "embargo", "hold", "resume", "event", "withdraw"]
)
def test_a_stranger_posts_into_nothing(cast: Cast, who: str, name: str) -> None:
    release = in_clearance(cast)
    assert cast.client(cast[who]).post(url(name, release), {"reason": "No."}).status_code == 404


def test_a_return_shows_its_reason_to_the_others(cast: Cast) -> None:
    release = in_clearance(cast)
    cast.client(cast.approver).post(
        url("return", release), {"manifest_sha256": release.manifest_sha256, "reason": "Paragraph 3 <b>no</b>"}
    )
    page = text(cast.client(cast.lead).get(url("clearance", release)))
    assert "Paragraph 3 &lt;b&gt;no&lt;/b&gt;" in page


def test_waiving_and_reopening_ask_for_a_reason(cast: Cast) -> None:
    release = in_clearance(cast)
    client = cast.client(cast.editor)
    for address in (url("waive", release, "imprint"), url("reopen", release)):
        response = client.post(address, {"reason": " "})
        assert response.status_code == 422
        assert "Give a reason" in text(response)


def test_the_editor_checks_again_waives_and_reopens(cast: Cast) -> None:
    release = in_clearance(cast)
    client = cast.client(cast.editor)
    Brief.objects.filter(pk=release.brief_id).update(isbn="")
    client.post(url("check", release))
    assert "Missing or not valid: ISBN." in text(client.get(url("clearance", release)))
    client.post(url("waive", release, "imprint"), {"reason": "It follows."})
    assert "Waived by Edda Ravn: It follows." in text(client.get(url("clearance", release)))
    client.post(url("reopen", release), {"reason": "A figure is wrong."})
    assert again(release).status == ReleaseState.VOID
    assert "A figure is wrong." in text(client.get(url("clearance", release)))


def test_voided_signatures_stay_on_the_page(cast: Cast) -> None:
    release = in_clearance(cast)
    give_signature(cast.approver, release)
    actions.reopen(actor=cast.editor, release=release, reason="A figure is wrong.")
    page = text(cast.client(cast.approver).get(url("clearance", release)))
    assert "What no longer holds" in page


# --- the desk -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "make", "words"),
    [
        ("approver", in_clearance, "Sign or return"),
        ("press", cleared, "Set the launch"),
    ],
)
def test_the_desk_says_what_waits(cast: Cast, who: str, make: Any, words: str) -> None:
    make(cast)
    assert words in text(cast.client(cast[who]).get("/desk/"))


def test_blocked_gates_wait_on_the_editors_desk(cast: Cast) -> None:
    in_clearance(cast)
    client = cast.client(cast.editor)
    assert "Clear the gates" not in text(client.get("/desk/"))
    GateResult.objects.filter(gate="imprint").update(state="blocked")
    assert "Clear the gates" in text(client.get("/desk/"))


def test_what_is_signed_no_longer_waits(cast: Cast) -> None:
    release = in_clearance(cast)
    give_signature(cast.approver, release)
    assert "Sign or return" not in text(cast.client(cast.approver).get("/desk/"))


# --- launch ---------------------------------------------------------------------------------------


def test_the_press_officer_sets_the_launch_and_sees_three_zones(cast: Cast) -> None:
    release = cleared(cast)
    client = cast.client(cast.press)
    response = client.post(
        url("embargo", release), {"wall_time": "2035-03-12T10:00", "zone": "Europe/Vienna"}, follow=True
    )
    page = text(response)
    assert "data-countdown" in page
    for there in ("10:00 Vienna", "09:00 UTC", "16:00 Bangkok"):
        assert there in page


def test_an_ambiguous_time_offers_both_and_takes_one(cast: Cast) -> None:
    release = cleared(cast)
    client = cast.client(cast.press)
    response = client.post(url("embargo", release), {"wall_time": "2035-10-28T02:30", "zone": "Europe/Vienna"})
    page = text(response)
    assert response.status_code == 422
    assert 'value="2035-10-28T02:30/0"' in page
    assert 'value="2035-10-28T02:30/1"' in page
    assert not Embargo.objects.exists()
    client.post(url("embargo", release), {"zone": "Europe/Vienna", "choice": "2035-10-28T02:30/1"})
    assert Embargo.objects.get().instant.isoformat() == "2035-10-28T01:30:00+00:00"


@pytest.mark.parametrize(
    "posted",
    [{}, {"wall_time": "soon", "zone": "UTC"}, {"wall_time": "2035-03-12T10:00", "zone": "Mars/Olympus"},
     {"wall_time": "2001-01-01T10:00", "zone": "UTC"}, {"wall_time": "2035-03-12T10:00", "zone": "UTC", "fold": "7"}],
)  # fmt: skip
def test_a_time_that_means_nothing_is_refused(cast: Cast, posted: dict[str, str]) -> None:
    release = cleared(cast)
    response = cast.client(cast.press).post(url("embargo", release), posted)
    assert response.status_code == 422
    assert not Embargo.objects.exists()


def test_hold_and_resume_on_the_page(cast: Cast) -> None:
    release = scheduled(cast)
    client = cast.client(cast.press)
    assert client.post(url("hold", release), {"reason": ""}).status_code == 422
    client.post(url("hold", release), {"reason": "The minister is ill."})
    assert "On hold by Piet Pers: The minister is ill." in text(client.get(url("launch", release)))
    client.post(url("resume", release))
    assert not Embargo.objects.get().held_at


@pytest.mark.parametrize("who", ["lead", "editor", "approver", "observer"])
def test_others_see_the_launch_and_change_nothing(cast: Cast, who: str) -> None:
    release = scheduled(cast)
    client = cast.client(cast[who])
    page = text(client.get(url("launch", release)))
    assert "Move the launch" not in page
    assert "Hold the launch" not in page
    for name in ("embargo", "hold", "resume", "event"):
        assert client.post(url(name, release), {"reason": "No."}).status_code == 403


def test_the_event_is_set_up_on_the_page(cast: Cast) -> None:
    release = scheduled(cast)
    posted = {
        "title": "Launch in Vienna",
        "slug": "launch-vienna",
        "starts_wall_time": "2035-03-12T10:00",
        "ends_wall_time": "2035-03-12T12:00",
        "zone": "Europe/Vienna",
        "place": "Hofburg",
    }
    client = cast.client(cast.press)
    assert client.post(url("event", release), posted).status_code == 302
    assert LaunchEvent.objects.get().place == "Hofburg"
    twice = client.post(url("event", release), {**posted, "starts_wall_time": "2035-10-28T02:30"})
    assert twice.status_code == 422
    assert "twice" in text(twice)


def test_a_published_brief_is_withdrawn_with_a_reason(cast: Cast) -> None:
    release = published(cast)
    client = cast.client(cast.press)
    assert client.post(url("withdraw", release), {"reason": ""}).status_code == 422
    client.post(url("withdraw", release), {"reason": "A person could be recognised."})
    assert again(release).status == ReleaseState.WITHDRAWN


@pytest.mark.django_db(transaction=True)
def test_every_page_works_outside_a_transaction(cast: Cast) -> None:
    release = scheduled(cast)
    for who in ("press", "approver", "editor"):
        client = cast.client(cast[who])
        assert [status(client, address) for address in every_get(release)] == [200] * 7


def test_a_build_that_nobody_works_on_any_more_can_be_reopened(cast: Cast) -> None:
    release = building(cast)
    assert "Reopen the brief" not in text(cast.client(cast.editor).get(url("clearance", release)))
    Job.objects.filter(pk=release.job_id).update(state="failed", finished_at=timezone.now())
    assert "Reopen the brief" in text(cast.client(cast.editor).get(url("clearance", release)))
    cast.client(cast.editor).post(url("reopen", release), {"reason": "The database was away."})
    assert again(release).status == ReleaseState.VOID
    assert Brief.objects.get(pk=cast.brief.pk).status == "drafting"


def test_an_approver_is_led_to_what_changed_since_the_version_answered_last(cast: Cast) -> None:
    release = in_clearance(cast)
    assert "What changed since" not in cast.client(cast.approver).get(url("clearance", release)).content.decode()
    give_signature(cast.approver, release)
    actions.reopen(actor=cast.editor, release=release, reason="One more look")
    brief = Brief.objects.get(pk=cast.brief.pk)
    for _time in range(2):
        version = freeze(actor=cast.editor, brief=brief, order_draft="final")
    later = again(actions.build_candidate(actor=cast.editor, brief=brief, version=version, edition="1.1"))
    asked = cast.client(cast.approver).get(url("clearance", later)).content.decode()
    assert "What changed since version 1, which you answered last" in asked
    assert f"/write/{brief.pk}/compare/?from=v1&amp;to=v3" in asked
    other = cast.client(cast.press).get(url("clearance", later)).content.decode()
    assert "What changed since version 2<" in other
    assert cast.client(cast.approver).get(f"/write/{brief.pk}/compare/?from=v1&to=v3").status_code == 200

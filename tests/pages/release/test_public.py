"""What everyone may read: before the embargo's end nothing, afterwards everything at once."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brief.actions import begin_edition
from ledger import clock
from ledger.models import Event, Job
from release import actions, public_root
from release.models import Embargo, Release
from release.public import site
from release.states import ReleaseState
from release.stored import NotAsSigned
from tests.cast import Cast
from tests.factories.releases import (
    CANARY,
    again,
    end_embargo,
    give_signature,
    in_clearance,
    published,
    scheduled,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_files")]

FILES = ("brief.pdf", "brief.docx", "brief.epub", "brief.zip", "SHA256SUMS")
RESTS = ("", *FILES, "cite.bib", "cite.ris", "cite.json", "editions/1.0/", "editions/1.0/brief.pdf")


def base(release: Release) -> str:
    return f"/briefs/{release.brief.slug}/"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def shape(response: Any) -> tuple[int, dict[str, str], bytes, list[str]]:
    headers = {name: value for name, value in response.headers.items() if name != "Date"}
    return response.status_code, headers, body(response), sorted(response.cookies)


def event_of(cast: Cast, **fields: Any) -> None:
    values = {
        "title": "Launch in Vienna",
        "slug": "launch-vienna",
        "zone": "Europe/Vienna",
        "starts_wall_time": "2035-03-12T10:00",
        **fields,
    }
    actions.save_event(actor=cast.press, brief=cast.brief, fields=values)


# --- before ---------------------------------------------------------------------------------------


def test_the_empty_library_says_what_will_be_here(client: Client, db: None) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert b"Nothing is published yet" in response.content


@pytest.mark.parametrize("make", [in_clearance, scheduled])
def test_before_its_time_every_address_is_the_same_404(cast: Cast, client: Client, make: Any) -> None:
    release = make(cast)
    event_of(cast)
    missing = shape(client.get("/briefs/never-was/"))
    assert missing[0] == 404
    assert missing[1]["Cache-Control"] == "no-store"
    addresses = [base(release) + rest for rest in RESTS]
    addresses += [
        "/events/launch-vienna/",
        "/events/launch-vienna/event.ics",
        "/briefs/../" + release.brief.slug,
        "/briefs/%00/",
        "/briefs/" + "a" * 300,
        "/briefs/a/b/c/d",
        f"/briefs/{release.pk}/",
        f"/briefs/{release.brief.slug}/figures/x.png",
        f"/briefs/{release.brief.slug}/sections/{cast.section.pk}/",
        f"/briefs/{release.brief.slug}/pages/meta.json",
        "/events/",
        "/nowhere.php",
    ]
    for address in addresses:
        if address != "/nowhere.php":
            assert shape(client.get(address)) == missing, address
    assert not missing[3]
    assert CANARY.encode() not in missing[2]
    assert release.brief.slug.encode() not in missing[2]


def test_conditional_and_partial_requests_before_time_are_the_same_404_too(cast: Cast, client: Client) -> None:
    release = scheduled(cast)
    pdf = release.artefacts.get(name="brief.pdf")
    for headers in ({"Range": "bytes=0-9"}, {"If-None-Match": f'"{pdf.sha256}"'}, {"If-None-Match": "*"}):
        known = shape(client.get(base(release) + "brief.pdf", headers=headers))
        assert known == shape(client.get("/briefs/never-was/brief.pdf", headers=headers))
        assert known[0] == 404
    assert shape(client.head(base(release))) == shape(client.head("/briefs/never-was/"))


def test_a_left_out_slash_is_put_there_by_the_address_alone(cast: Cast, client: Client) -> None:
    unknown = shape(client.get("/briefs/never-was"))
    assert unknown[:2] == (301, {**unknown[1], "Location": "/briefs/never-was/"})
    release = scheduled(cast)
    slug, section = release.brief.slug, cast.section.pk
    unended = [f"/briefs/{slug}", f"/briefs/{slug}/editions/1.0", f"/briefs/{slug}/sections/{section}", "/events/x"]

    def answers() -> list[Any]:
        return [shape(client.get(address)) for address in unended]

    before = answers()
    assert [each[1]["Location"] for each in before] == [f"{address}/" for address in unended]
    assert before[0] == (301, {**unknown[1], "Location": f"/briefs/{slug}/"}, b"", [])
    with CaptureQueriesContext(connection) as asked:
        end_embargo(release)
        done = len(asked)
        assert answers() == before
        assert len(asked) == done, "the database decides nothing here"
    assert client.get(f"/briefs/{slug}", follow=True).status_code == 200
    for address in ("/briefs/", f"/briefs/{slug}/brief.pdf", f"/briefs/{slug}/no-such-thing", "//briefs/x"):
        assert client.get(address).status_code != 301, address


@pytest.mark.parametrize("who", ["lead", "editor", "approver", "press", "admin", "outsider"])
def test_signed_in_people_see_no_more_at_public_addresses(cast: Cast, who: str) -> None:
    release = scheduled(cast)
    client = cast.client(cast[who])
    assert shape(client.get(base(release))) == shape(client.get("/briefs/never-was/"))


def test_library_feed_and_sitemap_do_not_know_it_before_time(cast: Cast, client: Client) -> None:
    release = scheduled(cast)
    event_of(cast)
    for address in ("/", "/feed/", "/sitemap.xml", "/robots.txt"):
        content = client.get(address).content.decode()
        assert release.brief.slug not in content
        assert release.brief.title not in content
        assert "launch-vienna" not in content


@pytest.mark.parametrize("state", ["building", "failed", "clearance", "cleared", "void"])
def test_a_past_embargo_alone_publishes_nothing(cast: Cast, client: Client, state: str) -> None:
    release = end_embargo(scheduled(cast))
    with connection.cursor() as cursor:
        # The triggers guard the way there; here only reading is tried.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE release_release SET status = %s WHERE id = %s", [state, release.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert client.get(base(release)).status_code == 404


def test_a_hold_hides_it_past_its_time(cast: Cast, client: Client) -> None:
    release = scheduled(cast)
    actions.hold(actor=cast.press, release=release, reason="Wait.")
    end_embargo(release)
    assert client.get(base(release)).status_code == 404


def test_an_announced_event_shows_nothing_of_the_brief(cast: Cast, client: Client) -> None:
    release = scheduled(cast)
    event_of(cast, announced=True)
    content = client.get("/events/launch-vienna/").content.decode()
    assert "Launch in Vienna" in content
    assert "data-countdown" in content
    assert release.brief.title not in content
    assert release.brief.slug not in content


# --- the moment itself ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_at_its_time_everything_opens_at_once_without_any_worker(cast: Cast, client: Client) -> None:
    release = scheduled(cast)
    moment = clock.database_now() + timedelta(seconds=3)
    Embargo.objects.filter(release=release).update(instant=moment)
    addresses = [base(release) + rest for rest in RESTS]
    opened: dict[str, float] = {}
    while len(opened) < len(addresses) and clock.database_now() < moment + timedelta(seconds=2):
        for address in addresses:
            before = clock.database_now()
            status = client.get(address).status_code
            assert status in (200, 404)
            if status == 404:
                assert before < moment + timedelta(milliseconds=50), address
            elif address not in opened:
                assert clock.database_now() >= moment
                opened[address] = (clock.database_now() - moment).total_seconds()
        time.sleep(0.02)
    assert set(opened) == set(addresses)
    assert max(opened.values()) < 2
    assert again(release).status == ReleaseState.SCHEDULED  # no worker ran; readers did not wait for one


# --- after ----------------------------------------------------------------------------------------


def test_after_its_time_all_of_it_is_there(cast: Cast, client: Client) -> None:
    release = end_embargo(scheduled(cast))
    page = client.get(base(release)).content.decode()
    assert release.brief.title in page
    assert page.count(CANARY) == 3
    for name in FILES:
        artefact = release.artefacts.get(name=name)
        response = client.get(base(release) + name)
        assert response.status_code == 200
        assert body(response) == Path(artefact.file.path).read_bytes()
        assert response["ETag"] == f'"{artefact.sha256}"'


def test_library_feed_and_sitemap_follow(cast: Cast, client: Client) -> None:
    release = end_embargo(scheduled(cast))
    event_of(cast)
    assert base(release) in client.get("/").content.decode()
    feed = ET.fromstring(client.get("/feed/").content)
    assert feed.findtext("{*}entry/{*}title") == release.brief.title
    sitemap = client.get("/sitemap.xml").content.decode()
    ET.fromstring(sitemap)
    assert f"{settings.BASE_URL}{base(release)}" in sitemap
    assert "/events/launch-vienna/" in sitemap
    event = client.get("/events/launch-vienna/").content.decode()
    assert base(release) in event


def test_the_page_can_be_cited(cast: Cast, client: Client) -> None:
    release = end_embargo(scheduled(cast))
    page = client.get(base(release)).content.decode()
    assert '<meta name="citation_title"' in page
    data = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(data)["@type"] == "Report"
    assert client.get(base(release) + "cite.bib").content.startswith(b"@techreport{")
    assert client.get(base(release) + "cite.ris").content.startswith(b"TY  - RPRT\r\n")
    item = json.loads(client.get(base(release) + "cite.json").content)[0]
    assert item["author"] == [{"literal": "Organisation North"}, {"literal": "Organisation South"}]
    assert item["URL"].endswith(f"{base(release)}editions/1.0/")


def test_no_page_runs_inline_scripts_or_styles(cast: Cast, client: Client) -> None:
    release = end_embargo(scheduled(cast))
    event_of(cast)
    for address in ("/", base(release), "/events/launch-vienna/"):
        page = client.get(address).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        assert "onclick" not in page


def test_pages_are_the_same_for_everyone(cast: Cast, client: Client) -> None:
    release = end_embargo(scheduled(cast))
    anonymous = shape(client.get(base(release)))
    signed_in = shape(cast.client(cast.lead).get(base(release)))
    assert anonymous == signed_in
    assert "Set-Cookie" not in anonymous[1]


def test_html_is_revalidated_and_answers_304(cast: Cast, client: Client) -> None:
    release = end_embargo(scheduled(cast))
    first = client.get(base(release))
    assert first["Cache-Control"] == "no-cache"
    second = client.get(base(release), headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second.content) == (304, b"")


def test_head_has_the_headers_and_no_body(cast: Cast, client: Client) -> None:
    release = end_embargo(scheduled(cast))
    for rest in ("", "brief.pdf"):
        got, head = client.get(base(release) + rest), client.head(base(release) + rest)
        assert head.status_code == 200
        assert head["Content-Length"] == got["Content-Length"] == str(len(body(got)))
        assert body(head) == b""


@pytest.mark.parametrize(
    ("wanted", "part"),
    [("bytes=0-3", slice(0, 4)), ("bytes=5-", slice(5, None)), ("bytes=-4", slice(-4, None)),
     ("bytes=2-999999", slice(2, None))],
)  # fmt: skip
def test_a_range_of_a_file_is_sent(cast: Cast, client: Client, wanted: str, part: slice) -> None:
    release = end_embargo(scheduled(cast))
    whole = body(client.get(base(release) + "brief.pdf"))
    response = client.get(base(release) + "brief.pdf", headers={"Range": wanted})
    assert response.status_code == 206
    assert body(response) == whole[part]
    assert response["Content-Range"].endswith(f"/{len(whole)}")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Range": "bytes=999999-"}, 416),
        ({"Range": "bytes=-0"}, 416),
        ({"Range": "bytes=9-2"}, 416),
        ({"Range": f"bytes={'9' * 5000}-"}, 200),
        ({"Range": "lines=1-2"}, 200),
        ({"Range": "bytes=0-1,4-5"}, 200),
        ({"Range": "bytes=0-3", "If-Range": '"another"'}, 200),
    ],
)
def test_a_range_that_cannot_be_met(cast: Cast, client: Client, headers: dict[str, str], status: int) -> None:
    release = end_embargo(scheduled(cast))
    assert client.get(base(release) + "brief.pdf", headers=headers).status_code == status


@pytest.mark.parametrize("name", ["brief.pdf", "pages/sections/"])
def test_what_is_not_what_was_signed_is_not_sent(cast: Cast, client: Client, name: str) -> None:
    release = end_embargo(scheduled(cast))
    artefact = release.artefacts.filter(name__startswith=name)[0]
    Path(artefact.file.path).write_bytes(b"planted")
    address = base(release) + ("brief.pdf" if name == "brief.pdf" else "")
    with pytest.raises(NotAsSigned):
        client.get(address)
    with pytest.raises(NotAsSigned):
        public_root.write()
    assert not (public_root.root() / "current").exists()


def test_writing_methods_are_refused_alike(cast: Cast, client: Client) -> None:
    release = end_embargo(scheduled(cast))
    for method in ("post", "put", "delete", "patch"):
        known = getattr(client, method)(base(release)).status_code
        assert known == getattr(client, method)("/briefs/never-was/").status_code == 405


def test_reading_writes_nothing(cast: Cast, client: Client) -> None:
    release = end_embargo(scheduled(cast))
    event_of(cast)
    before = (Event.objects.count(), Job.objects.count())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for address in ("/", "/feed/", "/sitemap.xml", "/robots.txt", "/events/launch-vienna/", base(release)):
            assert client.get(address).status_code == 200
    assert all(query["sql"].lstrip().upper().startswith("SELECT") for query in queries)
    assert before == (Event.objects.count(), Job.objects.count())


def test_the_number_of_queries_does_not_grow_with_files_or_editions(cast: Cast, client: Client) -> None:
    release = published(cast)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
            body(response)
        return len(queries)

    addresses = ("/", "/feed/", "/sitemap.xml", base(release), base(release) + "brief.pdf")
    before = {address: count(address) for address in addresses}
    second_edition(cast)
    assert {address: count(address) for address in addresses} == before
    assert max(before.values()) <= 4


# --- editions, long texts, withdrawal -------------------------------------------------------------


def second_edition(cast: Cast) -> Release:
    begin_edition(actor=cast.lead, brief=cast.brief)
    release = in_clearance(cast)
    for person in (cast.approver, cast.partner_approver):
        give_signature(person, release)
    soon = clock.database_now() + timedelta(days=1)
    actions.set_embargo(actor=cast.press, release=release, wall_time=soon.strftime("%Y-%m-%dT%H:%M"), zone="UTC")
    return end_embargo(release, seconds_ago=0.5)


def test_the_latest_edition_is_shown_and_earlier_ones_are_linked(cast: Cast, client: Client) -> None:
    first = published(cast)
    second = second_edition(cast)
    assert second.edition == "2.0"
    latest = client.get(base(first)).content.decode()
    assert "Edition 2.0" in latest
    assert f"{base(first)}editions/1.0/" in latest
    earlier = client.get(f"{base(first)}editions/1.0/").content.decode()
    assert "This is an earlier edition" in earlier
    assert client.get(f"{base(first)}editions/2.0/").status_code == 200
    assert client.get(f"{base(first)}editions/3.0/").status_code == 404


def test_a_long_brief_has_a_page_for_each_section(cast: Cast, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("release.public.editions.ONE_PAGE", 20)
    release = end_embargo(scheduled(cast))
    front = client.get(base(release)).content.decode()
    assert CANARY not in front
    for section in cast.sections:
        address = f"{base(release)}sections/{section.pk}/"
        assert address in front
        assert client.get(address).content.decode().count(CANARY) == 1
    assert client.get(f"{base(release)}print.html").content.decode().count(CANARY) == 3


def test_a_withdrawn_brief_leaves_a_notice_and_no_file(cast: Cast, client: Client) -> None:
    release = published(cast)
    actions.withdraw(actor=cast.editor, release=release, reason="A person could be recognised.")
    notice = client.get(base(release))
    assert notice.status_code == 410
    assert "A person could be recognised." in notice.content.decode()
    assert CANARY not in notice.content.decode()
    assert client.get(base(release) + "brief.pdf").status_code == 404
    assert base(release) not in client.get("/").content.decode()
    assert base(release) not in client.get("/feed/").content.decode()


# --- the files on disk ----------------------------------------------------------------------------


def current() -> Path:
    return Path(settings.DATA_DIR) / "public" / "current"


def test_the_public_root_holds_what_the_web_process_answers(cast: Cast, client: Client, run_jobs: Any) -> None:
    release = published(cast)
    event_of(cast)
    run_jobs()
    for address in site.addresses():
        file = current() / public_root.file_name(address)
        response: HttpResponse = client.get("/" + address)
        assert file.read_bytes() == body(response), address
    assert (current() / "briefs" / release.brief.slug / "brief.pdf").exists()


def test_the_public_root_is_never_early(cast: Cast) -> None:
    release = scheduled(cast)
    event_of(cast, announced=True)
    public_root.write()
    assert not (current() / "briefs").exists()
    everything = b"".join(path.read_bytes() for path in current().rglob("*") if path.is_file())
    assert CANARY.encode() not in everything
    assert release.brief.title.encode() not in everything


def test_a_generation_is_swapped_in_whole_and_old_ones_are_swept(cast: Cast) -> None:
    for _each in range(5):
        public_root.write()
    assert current().is_symlink()
    assert len(list((current().parent / "generations").iterdir())) == public_root.KEPT


def test_a_generation_that_fails_leaves_the_old_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = public_root.write()

    def fails(path: str) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(site, "find", fails)
    with pytest.raises(OSError, match="disk full"):
        public_root.write()
    assert current().resolve().name == before


def test_a_withdrawal_takes_the_files_away(cast: Cast, run_jobs: Any) -> None:
    release = published(cast)
    run_jobs()
    assert (current() / "briefs" / release.brief.slug).exists()
    actions.withdraw(actor=cast.editor, release=release, reason="Wrong.")
    run_jobs()
    assert not (current() / "briefs" / release.brief.slug / "brief.pdf").exists()

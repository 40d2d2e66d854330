"""The story's main points through nginx with TLS, on what docker-compose.yml starts."""

from __future__ import annotations

import http.client
import itertools
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from lxml import html

from bench.client import Answer, Client
from bench.forms import submit
from bench.stack import Stack
from bench.stack.compose import document
from bench.stack.mailbox import text
from document.engine import engine
from tests.production.people import People

pytestmark = [pytest.mark.slow]
REVIEWER = "amina@reader.example"
TRIES: tuple[dict[str, str], ...] = (
    {},
    {"Range": "bytes=0-9"},
    {"If-None-Match": "*"},
    {"Accept-Encoding": "gzip"},
)
FILES = ("", "brief.pdf", "brief.docx", "brief.epub", "brief.zip", "SHA256SUMS", "cite.bib", "editions/1.0/")


@pytest.fixture(scope="module")
def people(stack: Stack) -> Iterator[People]:
    people = People(stack, "--words", "400", "--sections", "2", "--versions", "0", "--reviewers", "0")
    yield people
    people.close()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_the_story_is_told_in_production(stack: Stack, people: People) -> None:
    brief, section = people.made["brief"], people.made["sections"][0]
    parts = people.made["people"]
    health_checks_pass(stack)
    front_is_closed_where_it_should_be(stack, people.client())
    lead, editor = (people.sign_in(address) for address in (parts["authors"][0], parts["editor"]))
    step(lead, brief, section, words="Written in production.")
    too_large_is_refused_by_the_front(lead, brief, section)
    hears_what_is_written(stack, people, lead, brief, section)
    version_frozen(editor, brief)
    room = reviewed(stack, people, editor, brief, section)
    answered(lead, editor, room)
    version_frozen(editor, brief)
    release = built(stack, editor, brief)
    for address in parts["approvers"]:
        signed(people, people.sign_in(address), address, release)
    press = people.sign_in(parts["press"])
    slug = people.made["slug"]
    scheduled(press, release)
    opens_at_its_time(stack, people.client(), release, slug)
    follows_in_files(stack, people.client(), slug)
    survives_the_end_of_one_of_each(stack, people, lead, brief, section)


def health_checks_pass(stack: Stack) -> None:
    """What a container engine would ask of our processes, in their environment, with this machine's ports."""
    for name, port in (
        ("web", "8000"),
        ("live", "8001"),
        ("worker", ""),
        ("converter", ""),
        ("beat", ""),
        ("public", ""),
    ):
        part = stack.processes[name]
        asked = [str(word) for word in document()["services"][name]["healthcheck"]["test"]]
        assert asked[:2] == ["CMD", "python"], name
        words = [word.replace(f":{port}/", f":{stack.ports[name]}/") if port else word for word in asked[2:]]
        done = subprocess.run([sys.executable, *words], cwd=stack.root, env=part.environment, capture_output=True)
        assert done.returncode == 0, (name, done.stderr)


def front_is_closed_where_it_should_be(stack: Stack, stranger: Client) -> None:
    """Plain HTTP leads to TLS; old TLS and other hosts get nothing; metrics are no address; errors say no more."""
    plain = Client(f"http://127.0.0.1:{stack.ports['front_http']}")
    answer = plain.get("/desk/?q=1")
    assert (answer.status, answer.headers["location"]) == (308, f"{stack.front}/desk/?q=1")
    plain.close()
    old = ssl.create_default_context(cafile=str(stack.certificate))
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", stack.ports["front"])) as raw, pytest.raises((ssl.SSLError, OSError)):
        old.wrap_socket(raw, server_hostname="localhost")
    other = Client(f"https://127.0.0.1:{stack.ports['front']}", certificate=stack.certificate)
    with pytest.raises((http.client.HTTPException, OSError)):
        other.get("/")
    assert shape(stranger.get("/metrics/")) == shape(stranger.get("/no-such-place/"))
    assert "evil.example" not in stranger.get("/", {"X-Forwarded-Host": "evil.example"}).text


def too_large_is_refused_by_the_front(lead: Client, brief: str, section: str) -> None:
    answer = lead.post(f"/write/{brief}/sections/{section}/steps", json={"key": "x" * 1_200_000})
    assert answer.status == 413
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "nginx" not in answer.text


def health(client: Client) -> dict[str, Any]:
    answer = client.get("/health/")
    told: dict[str, Any] = answer.json()
    assert answer.status == 200, told
    return told


def step(client: Client, brief: str, section: str, *, words: str) -> dict[str, Any]:
    """One step of the editor, acknowledged."""
    steps = f"/write/{brief}/sections/{section}/steps"
    version = client.get(f"{steps}?version=0", {"Accept": "application/json"}).json()["version"]
    inserted = {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [{"type": "text", "text": words}]}}
    body = {
        "version": version,
        "client": "walk",
        "key": uuid.uuid4().hex,
        "schema": engine().schema_version,
        "steps": [inserted],
    }
    answer = client.post(steps, json=body)
    assert answer.status == 200, answer.text
    assert answer.json()["version"] == version + 1
    told: dict[str, Any] = answer.json()
    return told


def hears_what_is_written(stack: Stack, people: People, lead: Client, brief: str, section: str) -> None:
    """A co-author's open stream gets the event through nginx as it happens, not when a buffer is full."""
    author = people.sign_in(people.made["people"]["authors"][1])
    events: list[str] = []
    heard = threading.Thread(target=listen, args=(author, brief, events), daemon=True)
    heard.start()
    end = time.monotonic() + 15
    while not any("section" in event for event in events) and time.monotonic() < end:
        step(lead, brief, section, words="And heard. ")
        time.sleep(0.5)
    assert any("event: section" in event for event in events), events
    heard.join(5)


def listen(client: Client, brief: str, events: list[str], until: str = "event: section") -> None:
    with client.stream(f"/live/?brief={brief}") as lines:
        for line in lines:
            events.append(line)
            if line.startswith(until):
                return


def version_frozen(editor: Client, brief: str) -> None:
    answer = submit(editor, f"/write/{brief}/versions/", order_draft="first")
    assert answer.status == 302, answer.text


def reviewed(stack: Stack, people: People, editor: Client, brief: str, section: str) -> str:
    """Invited by mail, accepted, declared, commented, handed in; the round's address."""
    day = (datetime.now(UTC) + timedelta(days=21)).date().isoformat()
    answer = submit(
        editor,
        f"/review/new/{brief}/",
        **{"topic": "work abroad", "deadline_date": day, "question-0-text": "Is the evidence sufficient?"},
    )
    assert answer.status == 302, answer.text
    room = answer.headers["location"].removesuffix("manage/")
    assert submit(editor, f"{room}manage/", "invite/", addresses=f"Amina Noor <{REVIEWER}>").status == 302
    assert submit(editor, f"{room}manage/", "open/").status == 302
    found = re.search(r"https://[^/]+(/invitations/\S+)", text(stack.mailbox.wait_for(REVIEWER, "/invitations/")))
    assert found
    reviewer = people.client()
    answer = submit(reviewer, found.group(1), "accept/")
    answer = people.enter_code(reviewer, answer, REVIEWER)
    declared = {"capacity": "individual", "sector": "ngo", "has_interests": "no", "confidentiality": "on"}
    answer = submit(reviewer, answer.headers["location"], **declared, naming="none", at_risk="no", name="Amina Noor")
    assert answer.status == 302, answer.text
    page = reviewer.get(f"{room}sections/{section}/")
    assert "Written in production." in page.text
    answer = submit(reviewer, f"{room}comments/new/", "/new/", body="Which fees? Name them.", section=section)
    assert answer.status == 302, answer.text
    answer = submit(reviewer, f"{room}submit/")
    assert answer.status == 302, answer.text
    receipt = reviewer.follow(answer)
    assert "Receipt" in receipt.text
    assert stack.mailbox.wait_for(REVIEWER, "receipt")
    return room


def answered(lead: Client, editor: Client, room: str) -> None:
    """The lead author answers, the review editor confirms and closes the round."""
    assert submit(editor, f"{room}manage/", "close/").status == 302
    listed = lead.get(f"{room}answers/")
    found = re.search(rf"{room}answers/([0-9a-f-]{{36}})/", listed.text)
    assert found, listed.text
    answer = f"{room}answers/{found.group(1)}/"
    assert submit(lead, answer, outcome="noted", response="We took note.").status == 302
    assert submit(editor, answer, "confirm/").status == 302


def built(stack: Stack, editor: Client, brief: str) -> str:
    """The converter worker builds; the release's address."""
    answer = submit(editor, f"/release/brief/{brief}/")
    assert answer.status == 302, answer.text
    release = answer.headers["location"]
    end = time.monotonic() + 60
    while 'name="manifest_sha256"' not in (page := editor.get(release)).text and "Gates" not in page.text:
        assert time.monotonic() < end, (main(page), stack.processes["converter"].tail(30))
        time.sleep(0.5)
    return release


def signed(people: People, approver: Client, address: str, release: str) -> None:
    answer = submit(approver, release, "sign/", code=people.code(address))
    assert answer.status == 302, answer.text
    assert "signed" in main(approver.get(release))


def scheduled(press: Client, release: str) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    answer = submit(press, f"{release}launch/", "embargo/", wall_time=soon, zone="UTC")
    assert answer.status == 302, answer.text


def shape(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    return answer.status, {name: value for name, value in answer.headers.items() if name != "date"}, answer.body


def opens_at_its_time(stack: Stack, reader: Client, release: str, slug: str) -> None:
    """One and the same 404 until the database's clock says so; then all of it, within two seconds."""
    with psycopg.connect(stack.environment["DATABASE_URL"], autocommit=True) as connection:
        moment = _soon(connection, release)
        tried = 0
        for name, headers in itertools.cycle(itertools.product(FILES, TRIES)):
            missing = shape(reader.get("/briefs/never-was/", headers))
            found = shape(reader.get(f"/briefs/{slug}/{name}", headers))
            named = slug in reader.get("/").text + reader.get("/feed/").text + reader.get("/sitemap.xml").text
            if _has_come(connection, moment):
                break
            assert missing[0] == 404
            assert found == missing, (name, headers)
            assert not named
            tried += 1
        assert tried
    end = time.monotonic() + 2
    while reader.get(f"/briefs/{slug}/").status != 200:
        assert time.monotonic() < end
        time.sleep(0.05)
    for name in FILES:
        assert reader.get(f"/briefs/{slug}/{name}").status == 200, name
    assert reader.get(f"/briefs/{slug}/brief.pdf").body.startswith(b"%PDF")


def _soon(connection: psycopg.Connection, release: str) -> datetime:
    """Let the embargo end in five seconds: people can only choose full minutes."""
    key = release.strip("/").rpartition("/")[2]
    moved = "UPDATE release_embargo SET instant = now() + interval '5 s' WHERE release_id = %s RETURNING instant"
    row = connection.execute(moved, [key]).fetchone()
    assert row
    connection.execute("UPDATE ledger_job SET due_at = %s WHERE kind = 'release.publish'", [row[0]])
    moment: datetime = row[0]
    return moment


def _has_come(connection: psycopg.Connection, moment: datetime) -> bool:
    row = connection.execute("SELECT clock_timestamp() >= %s", [moment]).fetchone()
    assert row
    return bool(row[0])


def follows_in_files(stack: Stack, reader: Client, slug: str) -> None:
    """The worker writes the generation; nginx serves it with the web process's headers; library and feed name it."""
    place = stack.public_root / "current" / "briefs" / slug
    end = time.monotonic() + 20
    while not (place / "brief.pdf").is_file():
        assert time.monotonic() < end, "no public root"
        time.sleep(0.2)
    # The copy that was started second, straight: what one process says, every other says too.
    direct = Client(f"http://127.0.0.1:{stack.ports['web2']}")
    # nginx asks a second later whether a file that it holds open is still the one (open_file_cache_valid).
    end = time.monotonic() + 2
    for path in ("/", "/feed/", "/sitemap.xml"):
        while slug not in reader.get(path).text:
            assert time.monotonic() < end, path
            time.sleep(0.1)
    for name in FILES:
        ours, theirs = reader.get(f"/briefs/{slug}/{name}"), direct.get(f"/briefs/{slug}/{name}")
        assert ours.body == theirs.body
        assert told(ours) == told(theirs), name
    direct.close()
    assert "last-modified" in reader.get(f"/briefs/{slug}/").headers  # from the file
    page = reader.get(f"/briefs/{slug}/brief.pdf", {"Range": "bytes=0-3"})
    assert (page.status, page.body) == (206, b"%PDF")


def told(answer: Answer) -> dict[str, str]:
    """Headers but those in which a file server speaks of files; lists in one order."""
    apart = {"date", "server", "connection", "etag", "last-modified", "accept-ranges", "vary"}
    return {name: value for name, value in answer.headers.items() if name not in apart}


def survives_the_end_of_one_of_each(stack: Stack, people: People, lead: Client, brief: str, section: str) -> None:
    """Both copies answer; when one of each is killed, the others go on behind the same address."""
    assert {"web2", "live2"} <= set(stack.processes)
    for name in ("web", "live"):
        stack.processes[name].kill(signal.SIGKILL)
    for _try in range(10):
        assert lead.get("/desk/").status == 200
    assert all(state == "up" for state in health(people.client())["parts"].values())
    events: list[str] = []
    author = people.sign_in(people.made["people"]["authors"][1])
    listen(author, brief, events, until="")
    assert events


def main(page: Answer) -> str:
    """The words of the page's main part, for messages."""
    return " ".join(html.fromstring(page.body).xpath("string(//main)").split())

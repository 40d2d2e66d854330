"""A reviewer's name, address, IP, browser, organisation, exact times: nowhere a person may not see them (TRUST 3, 10).

The reviewer acts over the wire from an address and a browser of their own. Then everybody else of the cast reads
all that they can reach, at every address of the table and by every link: pages, JSON, headers, file names, CSV and
XLSX unpacked; again when the round is closed, answered, and the brief signed and published, with PDF (text, XMP, every
stream), DOCX, EPUB and ZIP unpacked, the public site and its files. The review editor may know who it is, not from
where; administrators may know accounts, not who wrote what. Live events, mails of others and the logs of all
processes are held against the same canaries. What is stored of the reviewer lies at a minute of its own, for which
is looked too; mails and events must not tell when.

Broken on purpose: with ``knows_names`` of review/visibility.py answering True, 113 hits, the first on the page of
answers; with the mail of comments handed in sent at once, "told_when" counted 4.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from email.message import EmailMessage
from secrets import token_hex

from bench.figures import Figure, none
from bench.scene import database
from bench.scene.crawl import Reached, everything
from bench.scene.listening import Listener
from bench.scene.publishing import answer_and_publish
from bench.scene.reviewer import Reviewer, apart
from bench.scene.unpacked import pieces
from bench.stack import Stack
from review.models import Round
from review.states import InvitationState
from tests.cast import Cast
from tests.house.doors import DOORS
from tests.house.routes import ROUTES, address, parameters

LISTENING = ("lead", "colleague", "editor", "approver", "observer")
#: Who is written to because a reviewer flags something does hear of it at once (DOMAIN); nobody flags here.
NOBODY = "anonymous"


def run(stack: Stack) -> Iterable[Figure]:
    cast = Cast(token_hex(4))
    assert cast.thread
    assert cast.figure
    peer(cast)
    reviewer = Reviewer()
    before = len(stack.mailbox.messages)
    with ExitStack() as streams:
        listeners = [streams.enter_context(Listener(stack, cast[name], cast.brief.pk)) for name in LISTENING]
        apart()
        for each in listeners:
            each.events.clear()
        reviewer.review(stack, cast)
        database.settle()
        apart()
        events = [event for each in listeners for event in each.events]
    mails = [each for each in stack.mailbox.messages[before:] if reviewer.email not in str(each["X-To"])]
    tell([f"event: {each}" for each in events] + [f"mail: {each['Subject']} to {each['X-To']}" for each in mails])
    yield none("canaries.told_when", len(events) + len(mails), len(reviewer.moments), unit="events and mails")
    reviewer.backdate()
    found = Found(reviewer)
    found.read_all(stack, cast)
    answer_and_publish(stack, cast, reviewer.threads)
    found.read_all(stack, cast)
    found.public_files(stack)
    found.mails(stack.mailbox.messages[before:])
    found.logs(stack)
    tell(found.hits)
    note = f"{found.pages:,} answers, {found.files} files, {found.letters} mails, {found.lines:,} lines of logs"
    yield none("canaries.hits", len(found.hits), found.searched, unit="hits", note=note)


def peer(cast: Cast) -> None:
    """Another reviewer of the same round, reading."""
    row = cast.second_invitation
    cast.declare(row)
    row.status = InvitationState.REVIEWING
    row.save(update_fields=["status"])


class Found:
    """What was read, and where a canary sang."""

    def __init__(self, reviewer: Reviewer) -> None:
        self.reviewer = reviewer
        self.hits: list[str] = []
        self.pages = self.files = self.letters = self.lines = self.searched = 0

    def read_all(self, stack: Stack, cast: Cast) -> None:
        """Everybody but the reviewer, everything they reach."""
        starts = list(_addresses(cast))

        def reads(person: str) -> list[Reached]:
            client = stack.client(cast[person] if person != NOBODY else None)
            return everything(client, [*starts, "/admin/"])

        people = [NOBODY, *cast.people]
        with ThreadPoolExecutor(4) as pool:
            for person, found in zip(people, pool.map(reads, people), strict=True):
                for reached in found:
                    self.pages += 1
                    self._search(person, reached)

    def public_files(self, stack: Stack) -> None:
        for path in stack.public_root.rglob("*"):
            if path.is_file():
                self.files += 1
                self._hold(f"public file {path.name}", [path.name.encode(), *pieces(path.read_bytes())], self.secrets())

    def mails(self, messages: list[EmailMessage]) -> None:
        """Others' mails, headers and all parts."""
        for message in messages:
            if self.reviewer.email in str(message["X-To"]):
                continue
            self.letters += 1
            parts = [str(part.get_content()).encode() for part in message.walk() if not part.is_multipart()]
            headers = [f"{name}: {value}".encode() for name, value in message.items()]
            self._hold(f"mail {message['Subject']} to {message['X-To']}", [*headers, *parts], self.secrets())

    def logs(self, stack: Stack) -> None:
        # Times are what log lines begin with; that somebody asked for something is in them, not who.
        words = [*self.reviewer.identity, *self.reviewer.device, *self.reviewer.note, *self.reviewer.own]
        for part in stack.processes.values():
            content = part.log.read_bytes() if part.log.exists() else b""
            self.lines += content.count(b"\n")
            self._hold(f"log of {part.name}", [content], words)

    def secrets(self) -> list[str]:
        told = self.reviewer
        return [*told.identity, *told.device, *told.note, *told.own, *told.times()]

    def may_not_see(self, person: str, path: str) -> list[str]:
        told = self.reviewer
        if person == "editor":
            return [*told.device, *told.own]
        if person == "admin" and path.startswith("/admin/"):
            # Accounts with their names and addresses; when they came is no secret to who keeps them.
            return [*told.device, *told.note, *told.own, *told.identity[4:]]
        return self.secrets()

    def _search(self, person: str, reached: Reached) -> None:
        answer = reached.answer
        headers = [
            f"{name}: {value}".encode() for name, value in answer.pairs if name.lower() not in ("date", "set-cookie")
        ]
        where = f"{person} {reached.path} → {answer.status}"
        self._hold(where, [*headers, *pieces(answer.body)], self.may_not_see(person, reached.path))

    def _hold(self, where: str, contents: Iterable[bytes], words: list[str]) -> None:
        wanted = [word.encode() for word in words if word]
        for content in contents:
            self.searched += 1
            self.hits += [f"{word.decode()} in {where}" for word in wanted if word in content]


def _addresses(cast: Cast) -> Iterator[str]:
    """Every address of the table, with the records there are: none is made for this."""
    made = {"brief", "section", "thread", "figure", "number", "round", "slug", "rest"}
    yield from ("/", "/desk/", "/feed/", "/sitemap.xml", f"/review/{cast.round.pk}/answers/")
    for name in sorted(ROUTES.keys() & DOORS.keys()):
        wanted = set(parameters(name))
        if wanted <= made and not DOORS[name].values:
            yield address(name, cast)
    rows = Round.objects.get(pk=cast.round.pk).threads.values_list("pk", flat=True)
    for thread in rows:
        yield f"/review/{cast.round.pk}/threads/{thread}/"
        yield f"/review/{cast.round.pk}/answers/{thread}/"


def tell(words: list[str]) -> None:
    for each in words[:25]:
        sys.stderr.write(f"canaries: {each[:400]}\n")

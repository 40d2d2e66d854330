"""Every address × method × person of the cast × own, another brief's, and mixed ids (TRUST, Abuse; TRUST 7).

Over the wire, on tests/house/doors.py. Looking (GET, HEAD, OPTIONS) and everything that is refused must leave
the database as it was, table by table; what a person may do is done last, and only must not break. A route
that the table does not name fails. Counts are requests; through nginx the same doors must answer alike.

Broken on purpose: with ``holds`` of brief/permissions.py answering True for everybody, of 2,061 requests 213 were
wrong allows, 19 of 30 streams opened, and 15 tables changed; with an event recorded by the desk's view,
"changes_by_who_may_not" named ledger_event.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.urls import reverse

from bench.client import Answer, Client
from bench.figures import SCALE, Figure, at_least, none
from bench.scene import administration, database, doors
from bench.scene.cast import stage
from bench.scene.doors import Knock
from bench.scene.passkeys import Key
from bench.stack import Stack
from tests.cast import Cast
from tests.house.doors import DOORS
from tests.house.routes import ROUTES

#: A look may put something into the looker's own session: a message, a challenge. And this program's people sign in
#: as it goes, which allauth lists.
SESSIONS = ("django_session", "usersessions_usersession")
THREADS = 8
NOBODY = "anonymous"


@dataclass
class Found:
    """What went wrong, in words, and how much was tried."""

    tried: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def run(stack: Stack) -> Iterable[Figure]:
    own, other = stage(), stage()
    listed = set(DOORS)
    unlisted = sorted(set(ROUTES) ^ listed)
    tell(unlisted, "not in the table of doors")
    yield none("matrix.unlisted_routes", len(unlisted), len(ROUTES), unit="routes")
    knocks = [*doors.own(own), *doors.of_another_brief(own, other), *doors.mixed(own, other)]
    knocks += administration.knocks(own)
    found = Found()
    database.settle()
    for safe in (True, False):
        chosen = [each for each in knocks if each.safe == safe and not each.acts]
        before = database.prints(SESSIONS)
        judge(stack, own, thinned(chosen), found)
        database.settle()
        found.changed += database.differences(before, database.prints(SESSIONS))
    yield from passkeys(stack, own)
    yield from streams(stack, own, other)
    yield from through_the_front(stack, own, thinned([each for each in knocks if each.method == "GET" and each.own]))
    judge(stack, own, thinned([each for each in knocks if each.acts]), found)
    for words, what in ((found.wrong, "wrong"), (found.broken, "broken"), (found.changed, "changed")):
        tell(words, what)
    names = {each.name for each in knocks}
    total = len(ROUTES) + len(administration.routes())
    yield at_least("matrix.routes_covered", 100 * len(names) / total, "%", gate=100, note=f"{len(names)} routes")
    yield none("matrix.wrong_allows", len(found.wrong), found.tried["judged"], unit="requests")
    yield none("matrix.server_errors", len(found.broken), found.tried["all"], unit="requests")
    yield none("matrix.changes_by_who_may_not", len(found.changed), found.tried["judged"], unit="tables")
    database.settle(120)


def thinned(knocks: list[Knock]) -> list[Knock]:
    """All of them, or an even share of each when SCALE is below 1."""
    return knocks[:: max(1, round(1 / SCALE))]


def judge(stack: Stack, cast: Cast, knocks: list[Knock], found: Found) -> None:
    """Send them, each person's over a connection of their own, several people at once."""
    people: dict[str, list[Knock]] = {}
    for each in knocks:
        people.setdefault(each.person, []).append(each)

    def knock_all(person: str) -> list[tuple[Knock, Answer]]:
        client = stack.client(cast[person] if person != NOBODY else None)
        return [(each, send(client, each)) for each in people[person]]

    with ThreadPoolExecutor(THREADS) as pool:
        for answered in pool.map(knock_all, sorted(people)):
            for knock, answer in answered:
                found.tried["all"] += 1
                if answer.status >= 500 and not knock.may_fail:
                    found.broken.append(f"{knock} → {answer.status}")
                if knock.acts:
                    continue
                found.tried["judged"] += 1
                if not knock.right(answer.status, answer.headers.get("location", ""), len(answer.body)):
                    found.wrong.append(f"{knock} → {answer.status}")


def send(client: Client, knock: Knock) -> Answer:
    if knock.method == "POST" and isinstance(knock.data, dict):
        return client.post(knock.path, knock.data)
    body = knock.data.encode() if isinstance(knock.data, str) else b""
    kind = {"Content-Type": "application/json"} if body else {}
    return client.request(knock.method, knock.path, None if knock.safe else body, kind)


def passkeys(stack: Stack, cast: Cast) -> Iterator[Figure]:
    """Somebody's passkey has a number in its address: for everybody else it does not exist."""
    Key(cast.mark.encode()).register(cast.lead)
    row = Authenticator.objects.get(user_id=cast.lead.pk, type=Authenticator.Type.WEBAUTHN)
    wrong, tried = [], 0
    for person, user in cast.people.items():
        client = stack.client(user)
        for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            path = reverse(name, args=[row.pk])
            for answer in (client.get(path), client.post(path, {"name": "Taken"})) if person != "lead" else ():
                tried += 1
                if answer.status < 300 or "mfa_list" in answer.headers.get("location", ""):
                    wrong.append(f"{person} {path} → {answer.status}")
    kept = Authenticator.objects.filter(pk=row.pk).first()
    if kept is None or kept.data != row.data:
        wrong.append("the passkey is not what it was")
    tell(wrong, "passkeys")
    yield none("matrix.passkeys_of_others", len(wrong), tried, unit="requests")


def streams(stack: Stack, own: Cast, other: Cast) -> Iterator[Figure]:
    """The live process itself: a stream for who has a part, for nobody else."""
    wrong, tried = [], 0
    for person in [NOBODY, *own.people]:
        for cast, name in ((own, "own"), (other, "other")):
            may = name == "own" and person in DOORS["live"].get
            status, kind = opened(stack, own[person] if person != NOBODY else None, f"/live/?brief={cast.brief.pk}")
            tried += 1
            if (status == 200 and "event-stream" in kind) != may or status >= 500:
                wrong.append(f"{person} {name} → {status} {kind}")
    tell(wrong, "live streams")
    yield none("matrix.wrong_streams", len(wrong), tried, unit="streams")


def opened(stack: Stack, user: Any, path: str) -> tuple[int, str]:
    """Status and type of a stream, which is left at once."""
    client = stack.client(user, at="live")
    connection = client._connected()
    connection.request("GET", path, headers=client._own_headers("GET", path))
    response = connection.getresponse()
    told = response.status, response.headers.get("Content-Type", "")
    response.close()
    client.close()
    return told


def through_the_front(stack: Stack, cast: Cast, knocks: list[Knock]) -> Iterator[Figure]:
    """The same look at the web process and through nginx: status, way on and the headers that protect."""
    if stack.front is None:
        return
    differ = []
    for person in sorted({each.person for each in knocks}):
        user = cast[person] if person != NOBODY else None
        web, front = stack.client(user), stack.client(user, at="front")
        for each in knocks:
            if each.person == person and not each.unsteady:
                pair = [kept(send(client, each)) for client in (web, front)]
                if pair[0] != pair[1]:
                    differ.append(f"{each}: {pair[0]} but {pair[1]}")
    tell(differ, "another answer through nginx")
    yield none("matrix.front_differs", len(differ), len(knocks), unit="requests")


def kept(answer: Answer) -> tuple[object, ...]:
    names = ("location", "content-security-policy", "referrer-policy", "x-frame-options", "cache-control")
    protections = tuple(answer.headers.get(name, "") for name in (*names, "x-content-type-options"))
    return (answer.status, *protections)


def tell(words: list[str], what: str) -> None:
    """The first of them, for who has to mend it."""
    for each in words[:25]:
        sys.stderr.write(f"matrix: {what}: {each}\n")

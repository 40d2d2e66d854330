"""Guards that a role taken away between the page and the post is gone at the next request (TRUST, figures).

Everybody of the standing cast opens each page that the table of doors (tests/house/doors.py) opens to them;
then their role is taken away, as its lead author, the review editor or an administrator would, and every form
is sent that the page before them still shows. Each is refused (403 or 404; a stranger is sent to sign in) and
leaves the database as it was; with the role given back the page opens again. Likewise for a reviewer who is
excluded, an administrator who is one no more, and an account that is closed. A live stream ends when the role
is taken by the action, and within its recheck when a row just vanishes. Units: requests, seconds.

Broken on purpose: with the roles of a person kept in the web process by brief in ``brief.permissions``, 16 of 271
requests came through ("revoked.allowed") and 10 tables changed: people without a role answered comments and
took the table of answers away.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bench.client import Answer, Client
from bench.figures import SCALE, Figure, at_least, at_most, none
from bench.stack import Stack

if TYPE_CHECKING:
    from bench.scene.doors import Knock
    from tests.cast import Cast

#: Seconds within which a stream ends that nobody was told about: its recheck, and the asking.
RECHECK = 15.0
REVIEWERS = ("reviewer", "second_reviewer")


def run(stack: Stack) -> Iterable[Figure]:
    from bench.scene import database
    from bench.scene.cast import stage

    cast = stage()
    database.settle()
    sessions = ("django_session",)
    allowed: list[str] = []
    changed: list[str] = []
    shut: list[str] = []
    tried = people = 0
    for person, revoke in ways(cast):
        client = stack.client(cast[person])
        looks, acts = knocks_of(cast, person)
        opened = [each for each in looks if send(client, each).status in (200, 302)]
        with revoke():
            before = database.prints(sessions)
            for knock in [*acts, *opened]:
                tried += 1
                answer = send(client, knock)
                if not refused(answer):
                    allowed.append(f"{revoke.__name__} {knock} → {answer.status}")
            changed += [
                f"{revoke.__name__} {person}: {each}"
                for each in database.differences(before, database.prints(sessions))
            ]
        people += 1
        again = stack.client(cast[person])
        shut += [str(each) for each in opened[:1] if send(again, each).status not in (200, 302)]
    for words in (allowed, changed, shut):
        for each in words[:12]:
            sys.stderr.write(f"revoked: {each}\n")
    yield none("revoked.allowed", len(allowed), tried, unit="requests", note=f"{people} ways of losing a part")
    yield none("revoked.changed", len(changed), tried, unit="tables")
    yield none("revoked.stayed_shut", len(shut), people, unit="people whose role came back")
    yield from streams(stack, cast)


# --- taking away ------------------------------------------------------------------------------------

Way = Callable[[], Any]


def ways(cast: Cast) -> Iterator[tuple[str, Way]]:
    """(person, what takes their part away while it lasts)."""
    from brief.models import Role

    holders = Role.objects.filter(brief=cast.brief).values_list("user", flat=True)
    inner = [name for name, user in cast.people.items() if user.pk in set(holders)]
    for name in thinned(inner):
        yield name, role_taken(cast, name)
    for name in thinned(REVIEWERS):
        yield name, excluded(cast, name)
    yield "admin", changed_account(cast, "admin", is_superuser=False, is_staff=False)
    for name in thinned(["partner", "editor", "reviewer", "admin"]):
        yield name, changed_account(cast, name, is_active=False)


def thinned(names: Iterable[str]) -> list[str]:
    """All, or a share of them when SCALE is below 1."""
    return list(names)[:: max(1, round(0.3 / SCALE))]


def role_taken(cast: Cast, name: str) -> Way:
    """By the action; the only lead author's row is removed, as only an administrator could.

    So is what the person was given elsewhere, by programs before this one on the same cast.
    """
    from brief import actions
    from brief.models import Role

    @contextmanager
    def role_taken() -> Iterator[None]:
        here = {cast.brief.pk, cast.elsewhere.brief.pk}
        rows = list(Role.objects.filter(user=cast[name]))
        for row in rows:
            if name == "lead" or row.brief_id not in here:
                Role.objects.filter(pk=row.pk).delete()
            else:
                actions.take_role(actor=cast.lead, brief=row.brief, role=Role.objects.get(pk=row.pk))
        try:
            yield
        finally:
            Role.objects.bulk_create(rows)

    return role_taken


def excluded(cast: Cast, name: str) -> Way:
    from review.models import Invitation
    from review.states import InvitationState

    @contextmanager
    def excluded() -> Iterator[None]:
        mine = Invitation.objects.filter(user=cast[name])
        was = dict(mine.values_list("pk", "status"))
        mine.update(status=InvitationState.EXCLUDED)
        try:
            yield
        finally:
            for key, status in was.items():
                Invitation.objects.filter(pk=key).update(status=status)

    return excluded


def changed_account(cast: Cast, name: str, **values: bool) -> Way:
    from accounts.models import User

    @contextmanager
    def changed_account() -> Iterator[None]:
        User.objects.filter(pk=cast[name].pk).update(**values)
        try:
            yield
        finally:
            User.objects.filter(pk=cast[name].pk).update(**dict.fromkeys(values, True))

    return changed_account


# --- knocking ---------------------------------------------------------------------------------------


def knocks_of(cast: Cast, person: str) -> tuple[list[Knock], list[Knock]]:
    """(pages, forms) that the table opens to this person by their part in the brief or the round."""
    from bench.scene import administration, doors
    from tests.house.doors import EVERYONE
    from tests.house.routes import parameters

    known = [each for each in doors.own(cast) if each.person == person]
    looks = [
        each
        for each in known
        if each.method == "GET" and person in each.door.get and not each.door.public and parameters(each.name)
    ]
    acts = [each for each in known if each.method == "POST" and person in each.door.post]
    acts = [each for each in acts if not each.door.because and each.door.post != EVERYONE and parameters(each.name)]
    if person == "admin":
        admin = [each for each in administration.knocks(cast) if each.person == person]
        return [each for each in admin if each.method == "GET"], []
    return looks, acts


def send(client: Client, knock: Knock) -> Answer:
    if knock.method == "POST" and isinstance(knock.data, dict):
        return client.post(knock.path, knock.data)
    if knock.method == "POST" and isinstance(knock.data, str):
        return client.request("POST", knock.path, knock.data.encode(), {"Content-Type": "application/json"})
    return client.request(knock.method, knock.path)


def refused(answer: Answer) -> bool:
    away = answer.status == 302 and answer.headers.get("location", "").startswith("/account/login/")
    return away or answer.status in (401, 403, 404)


# --- streams ----------------------------------------------------------------------------------------


def streams(stack: Stack, cast: Cast) -> Iterable[Figure]:
    """How long a stream outlives its right: taken by the action (told), by hand (noticed), account closed."""
    told = stream_ends(stack, cast, "partner", role_taken(cast, "partner"))
    yield at_most("revoked.stream_told", told, "s", gate=RECHECK, target=1.0)
    others = {
        "row": stream_ends(stack, cast, "lead", role_taken(cast, "lead")),
        "account": stream_ends(stack, cast, "colleague", changed_account(cast, "colleague", is_active=False)),
    }
    note = ", ".join(f"{name} {seconds:.1f}" for name, seconds in others.items())
    yield at_most("revoked.stream_noticed", max(others.values()), "s", gate=RECHECK + 1.0, note=note)
    yield at_least("revoked.streams", len(others) + 1, "streams", gate=3)


def stream_ends(stack: Stack, cast: Cast, name: str, revoke: Way) -> float:
    """Seconds from the revocation to the end of this person's stream."""
    client = stack.client(cast[name], at="live")
    connection = client._connected()
    path = f"/live/?brief={cast.brief.pk}"
    connection.request("GET", path, headers=client._own_headers("GET", path))
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"no stream for {name}: {response.status}")
    ended = threading.Event()

    def read() -> None:
        while response.readline():
            pass
        ended.set()

    threading.Thread(target=read, daemon=True).start()
    time.sleep(1.0)
    began = time.monotonic()
    with revoke():
        over = ended.wait(RECHECK * 2)
        seconds = time.monotonic() - began
    client.close()
    return seconds if over else RECHECK * 2 + seconds

"""Guards that one clock decides, the database's, whatever all others show (TRUST 6 and figures).

A release whose embargo ends in a few seconds is asked for without a pause, at a web process and through nginx:
its page, its files, and the lists that would name it (library, feed, sitemap, search). Nothing of it may be
answered before T by the database's clock; its page and every file are there at most two seconds after. So
with right clocks, with web, workers or the database two hours before or behind (Debian's faketime; without it
the skews are skipped and the figure says so), and with workers and beat stopped. In six zones a wall-clock
time that clocks skip or show twice is refused with the choices, and a choice means the instant it shows.
Units: answers, seconds, times.

Broken on purpose: with ``timezone.now()`` in place of the database's clock in ``release.visibility.ended_embargo``
and the web process two hours ahead, 6 of 227 answers before T gave the page or a file away ("clock.early"). Beat,
once two hours ahead and put right, never came back ("did not answer within 60 s"): that was the product's fault.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bench.client import Client
from bench.figures import Figure, at_most, none
from bench.filling import fill
from bench.stack import Stack
from bench.stack.people import fresh_connections

if TYPE_CHECKING:
    from config.filling import Filled

FILES = ("", "brief.pdf", "brief.docx", "brief.epub", "brief.zip", "SHA256SUMS", "cite.bib")
LISTS = ("/", "/feed/", "/sitemap.xml")
ZONES = (
    *("Europe/Vienna", "America/New_York", "Australia/Lord_Howe"),
    *("America/Santiago", "Pacific/Auckland", "Africa/Cairo"),
)
#: What is two hours wrong: its name, the parts, the difference.
SKEWS = (
    ("web ahead", ("web",), "+2h"),
    ("web behind", ("web",), "-2h"),
    ("workers ahead", ("worker", "beat"), "+2h"),
    ("workers behind", ("worker", "beat"), "-2h"),
    ("database ahead", ("database",), "+2h"),
    ("database behind", ("database",), "-2h"),
)
#: Seconds before T at which asking begins, and after it at which it ends when not everything is there before.
BEFORE, AFTER = 4.0, 20.0


def run(stack: Stack) -> Iterable[Figure]:
    made = fill(words=120, reviewers=0, released="embargoed")
    watched = [watch(stack, made, "right clocks")]
    if faketime():
        for name, parts, difference in SKEWS:
            with skewed(stack, parts, difference):
                watched.append(watch(stack, made, name))
    with stopped(stack, ("worker", "converter", "beat")):
        watched.append(watch(stack, made, "workers stopped"))
    asked = sum(each.before for each in watched)
    told = [early for each in watched for early in each.early]
    yield none("clock.early", len(told), asked, unit="answers before T", note="; ".join(told[:3]))
    slowest = max(watched, key=lambda each: each.opened)
    note = ", ".join(f"{each.name} {each.opened:.2f}" for each in watched)
    yield at_most("clock.first_200", slowest.opened, "s after T was the last 404", gate=2.0, note=note)
    behind = [each for each in watched if each.relapsed]
    yield none(
        "clock.relapses",
        sum(each.relapsed for each in watched),
        asked,
        unit="404s after the first 200",
        note=", ".join(each.name for each in behind),
    )
    tried = len(watched) - 2
    said = "" if tried else "faketime is not installed: no clock was put wrong"
    yield Figure("clock.skews", tried, "clocks put wrong", None, len(SKEWS), True, said)
    yield from unclear_times(stack, fill(words=60, reviewers=0, released="signed"))


# --- the end of an embargo --------------------------------------------------------------------------


@dataclass
class Watched:
    """``opened``: seconds after T at which somebody asked who was still refused; everybody later got a 200."""

    name: str
    before: int = 0
    opened: float = 0.0
    relapsed: int = 0
    early: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """One answer, between two moments of the monotonic clock."""

    place: str
    began: float
    ended: float
    open: bool


def watch(stack: Stack, made: Filled, name: str) -> Watched:
    """Set T a few seconds ahead and ask until a little after it."""
    ahead = database_ahead()
    end = time.monotonic() + BEFORE + 1.0
    reset(made, datetime.fromtimestamp(end + ahead, UTC))
    seen: list[Seen] = []
    places = ["web", "front"] if stack.front else ["web"]
    askers = [
        threading.Thread(target=_ask, args=(stack, made, place, end, seen, half)) for place in places for half in (0, 1)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    return _judge(name, seen, end)


def _ask(stack: Stack, made: Filled, place: str, end: float, seen: list[Seen], half: int) -> None:
    client: Client = stack.client(at=place)
    base = f"/briefs/{made.brief.slug}/"
    title, slug = made.brief.title.encode(), made.brief.slug.encode()
    addresses = [base + file for file in FILES] + (
        [*LISTS, f"/search/?q={made.brief.title.split()[-1]}"] if place == "web" else []
    )
    waiting = {address for address in addresses[half::2] if address.startswith("/briefs/")}
    # A little longer than until everything is there: it must stay.
    over = end + AFTER
    while time.monotonic() < over:
        for address in addresses[half::2]:
            client.address = f"10.{half}.{int(time.monotonic()) % 250}.9"
            began = time.monotonic()
            answer = client.get(address)
            named = title in answer.body or (address == "/sitemap.xml" and slug in answer.body)
            released = answer.status == 200 if address.startswith("/briefs/") else named
            seen.append(Seen(f"{place} {address}", began, time.monotonic(), released))
            if released and waiting:
                waiting.discard(address)
                over = time.monotonic() + 1.5 if not waiting else over


def _judge(name: str, seen: list[Seen], end: float) -> Watched:
    """An answer that was whole before T had to say nothing; what each address said first and last after T."""
    found = Watched(name, before=sum(each.ended < end for each in seen))
    found.early = [f"{name}: {each.place}" for each in seen if each.open and each.ended < end]
    by_place: dict[str, list[Seen]] = {}
    for each in seen:
        by_place.setdefault(each.place, []).append(each)
    for place, answers in by_place.items():
        if "/briefs/" not in place:
            continue
        first = next((each.began - end for each in answers if each.open), AFTER)
        refused = [each.began - end for each in answers if not each.open and each.began - end < first]
        found.opened = max(found.opened, *refused, 0.0) if first < AFTER else AFTER
        found.relapsed += sum(not each.open and each.began - end > first for each in answers)
    return found


def reset(made: Filled, instant: datetime) -> None:
    """The release as before its launch, with another T: nothing in the product does this."""
    from brief.models import Brief
    from release import public_root
    from release.actions.launch import publish_when_due
    from release.models import Embargo, Passage, Release
    from release.states import ReleaseState

    assert made.release is not None
    assert made.release is not None
    Passage.objects.filter(release=made.release).delete()
    Embargo.objects.filter(release=made.release).update(instant=instant)
    Release.objects.filter(pk=made.release.pk).update(status=ReleaseState.SCHEDULED, published_at=None)
    Brief.objects.filter(pk=made.brief.pk).update(status="clearance")
    public_root.write()
    publish_when_due(Embargo.objects.select_related("release").get(release=made.release))


def database_ahead() -> float:
    """Seconds by which the database's clock is ahead of this process's monotonic one."""
    from ledger import clock

    began = time.monotonic()
    now = clock.database_now().timestamp()
    return now - (began + time.monotonic()) / 2


def faketime() -> str:
    """Debian's library; its command would stand between us and the process."""
    return next((str(each) for each in Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), "")


@contextmanager
def skewed(stack: Stack, parts: Iterable[str], difference: str) -> Iterator[None]:
    """Restart parts with another clock, and with the right one afterwards."""
    # Waiting is measured by clocks that only run; they must not jump.
    wrong = {"LD_PRELOAD": faketime(), "FAKETIME": difference, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    try:
        for name in parts:
            stack.processes[name].environment |= {**wrong, "DONT_FAKE_MONOTONIC": "1"}
        _restart(stack, parts)
        yield
    finally:
        for name in parts:
            for variable in (*wrong, "DONT_FAKE_MONOTONIC"):
                stack.processes[name].environment.pop(variable, None)
        _restart(stack, parts)


@contextmanager
def stopped(stack: Stack, parts: Iterable[str]) -> Iterator[None]:
    for name in parts:
        stack.processes[name].stop()
    try:
        yield
    finally:
        stack.mend()


def _restart(stack: Stack, parts: Iterable[str]) -> None:
    for name in parts:
        stack.processes[name].restart(60)
    fresh_connections()
    stack.mend()
    _wait_for_pages(stack)


def _wait_for_pages(stack: Stack) -> None:
    """Pools of the processes find out by themselves that the database was away."""
    client = stack.client()
    for _try in range(200):
        if client.get("/").status == 200 and client.get("/briefs/never-was/").status == 404:
            return
        time.sleep(0.1)
    raise RuntimeError("pages did not come back")


# --- wall-clock times --------------------------------------------------------------------------------


def unclear_times(stack: Stack, made: Filled) -> Iterable[Figure]:
    """The next gap and the next fold of six zones, by the press officer's form."""
    press = stack.client(made.press)
    wrong: list[str] = []
    tried = 0
    for zone in ZONES:
        for kind, wall in unclear(zone):
            tried += 1
            wrong += [f"{zone} {kind} {wall}: {what}" for what in _one(press, made, zone, kind, wall)]
    yield none("clock.unclear_times", len(wrong), tried, unit="times", note="; ".join(wrong[:3]))


def unclear(zone: str) -> Iterator[tuple[str, datetime]]:
    """("gap" or "fold", a wall-clock time within it), from a month ahead on, one of each."""
    place = ZoneInfo(zone)
    moment = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=30)
    kinds = {"gap", "fold"}
    for _half_hour in range(2 * 24 * 400):
        later = moment + timedelta(minutes=30)
        before, after = (each.astimezone(place).utcoffset() or timedelta() for each in (moment, later))
        if before != after:
            kind = "gap" if after > before else "fold"
            if kind in kinds:
                kinds.remove(kind)
                edge = later.astimezone(place).replace(tzinfo=None)
                yield kind, edge - timedelta(minutes=10) if kind == "gap" else edge + timedelta(minutes=10)
        moment = later
    if kinds:
        raise RuntimeError(f"{zone} has no {kinds} within 400 days")


def _one(press: Client, made: Filled, zone: str, kind: str, wall: datetime) -> Iterator[str]:
    from release.models import Embargo

    assert made.release is not None
    assert made.release is not None
    known = Embargo.objects.filter(release=made.release).values_list("instant", flat=True).first()
    path = f"/release/{made.release.pk}/launch/embargo/"
    asked: dict[str, Any] = {"wall_time": wall.strftime("%Y-%m-%dT%H:%M"), "zone": zone}
    answer = press.post(path, asked)
    choices = re.findall(r'name="choice" value="([^"]+)"', answer.text)
    if answer.status != 422 or len(choices) != 2:
        yield f"answered {answer.status} with {len(choices)} choices"
        return
    if Embargo.objects.filter(release=made.release).values_list("instant", flat=True).first() != known:
        yield "something was stored"
    if kind == "fold" and {each.rpartition("/")[0] for each in choices} != {asked["wall_time"]}:
        yield f"other times are offered: {choices}"
    instants = []
    for choice in choices:
        chosen, _slash, fold = choice.rpartition("/")
        answer = press.post(path, {**asked, "choice": choice})
        stored = Embargo.objects.get(release=made.release).instant if answer.status == 302 else None
        meant = datetime.fromisoformat(chosen).replace(tzinfo=ZoneInfo(zone), fold=int(fold)).astimezone(UTC)
        instants.append(stored)
        if stored != meant:
            yield f"{choice} was stored as {stored}"
    if len(set(instants)) != 2:
        yield "both choices mean the same"

"""Workers killed while mails leave, candidates are built and releases become public (of ``ledger_kills``)."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from bench.figures import Figure, at_most, none
from bench.filling import fill
from bench.stack import Stack
from bench.stack.mailbox import Mailbox, text

luck = random.Random(10)  # noqa: S311
#: Candidates on their way at once, and embargoed releases whose moment comes meanwhile.
BUILDS, LAUNCHES = 6, 4


def worker_kills(stack: Stack, count: int) -> Iterable[Figure]:
    from ledger.models import Job

    known, received = set(Job.objects.values_list("pk", flat=True)), len(stack.mailbox.messages)
    made = [fill(words=300, reviewers=0, released="embargoed", embargo=timedelta(days=9)) for _ in range(LAUNCHES)]
    releases = [each.release for each in made]
    building = [_candidate(fill(words=400, sections=2, reviewers=0)) for _ in range(stack.times(BUILDS))]
    with _slow(stack.mailbox), _mails(made[0].people.authors) as posted:
        for number in range(count):
            time.sleep(luck.uniform(0.1, 0.9))
            _kill(stack, number)
            if number % 16 == 15:
                _some_build_ends(building)
            if number % max(1, count // LAUNCHES) == 0 and releases:
                _moment_comes(releases.pop())
    drained = drain(stack, known, 240)
    jobs = list(Job.objects.exclude(pk__in=known).exclude(due_at__gt=_later()))
    left = [job for job in jobs if job.state != "done"]
    begun = sum(job.starts for job in jobs)
    note = f"{count} kills, {posted[0]} mails, {len(building)} candidates, {LAUNCHES} launches, {begun} beginnings"
    told = "; ".join(f"{job.kind} {job.state} {job.error}" for job in left[:3])
    yield none("ledger_kills.jobs_lost", len(left), len(jobs), unit="jobs", note=f"{note} {told}".strip())
    yield from _mail_figures(stack.mailbox.messages[received:], jobs, count)
    ids = [release.pk for release in [*building, *(each.release for each in made)]]
    yield from _release_figures(stack, ids)
    yield at_most("ledger_kills.drained", drained, "s", gate=60, note="after the last kill")


def _candidate(made: Any) -> Any:
    from release.actions import build_candidate

    return build_candidate(actor=made.editor, brief=made.brief, version=made.version)


def _moment_comes(release: Any) -> None:
    """The embargo's end, brought forward: the job that waits for it is due, and a worker does it."""
    from django.db import transaction

    from ledger import clock
    from ledger.models import Job
    from release.models import Embargo

    now = clock.database_now().replace(second=0, microsecond=0)
    with transaction.atomic():
        wall = (now + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M")
        Embargo.objects.filter(release=release).update(wall_time=wall, instant=now, fold=0)
        Job.objects.filter(kind="release.publish", payload__release=str(release.pk)).update(due_at=now)


def _some_build_ends(building: list[Any], most: float = 60.0) -> None:
    """Leave the converter in peace until another candidate is there: what dies thirty times is put away."""
    from release.models import Release

    rows = Release.objects.filter(pk__in=[each.pk for each in building], status="building")
    before, end = rows.count(), time.monotonic() + most
    while before and rows.count() == before and time.monotonic() < end:
        time.sleep(0.1)


def _kill(stack: Stack, number: int) -> None:
    """Two of three times a process that works; else the whole container. Converter and worker in turn."""
    part = stack.processes["converter" if number % 2 else "worker"]
    children = part.pids()[1:]
    if number % 3 == 0 or not children:
        part.kill()
        part.start()
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(luck.choice(children), signal.SIGKILL)


@contextlib.contextmanager
def _mails(people: list[Any]) -> Iterator[list[int]]:
    """Sign-in codes asked for all the time; yields how many."""
    from accounts import sign_in

    posted, over = [0], threading.Event()

    def ask() -> None:
        from django.db import connection, transaction

        while not over.is_set():
            with transaction.atomic():
                sign_in.send(sign_in.reserve(), luck.choice(people).email)
            posted[0] += 1
            over.wait(0.15)
        connection.close()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield posted
    finally:
        over.set()
        thread.join(10)


@contextlib.contextmanager
def _slow(mailbox: Mailbox) -> Iterator[None]:
    """As real mail servers are: a while to think before the mail is taken, a little before the yes."""
    takes = mailbox.handle_DATA

    async def thinking(server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(luck.uniform(0.005, 0.04))
        answer = await takes(server, session, envelope)
        await asyncio.sleep(0.002)
        return answer

    mailbox.handle_DATA = thinking  # type: ignore[method-assign]
    try:
        yield
    finally:
        del mailbox.handle_DATA


def drain(stack: Stack, known: set[Any], most: float) -> float:
    """Seconds until no job made since is due; at most ``most``."""
    from ledger.models import Job

    for part in ("worker", "converter"):
        stack.processes[part].start()
    began = time.monotonic()
    while time.monotonic() - began < most:
        if not Job.objects.filter(state="due", due_at__lte=_later()).exclude(pk__in=known).exists():
            break
        time.sleep(0.1)
    return time.monotonic() - began


def _later() -> Any:
    """What is due by then is due now, or being tried again; not what waits for its day."""
    from django.utils import timezone

    return timezone.now() + timedelta(minutes=5)


def _mail_figures(messages: list[Any], jobs: list[Any], kills: int) -> Iterator[Figure]:
    wanted = {f"<{job.pk}@countersign.example>" for job in jobs if job.kind == "mail" and job.result.get("sent")}
    came = Counter(str(message["Message-ID"]).strip() for message in messages)
    words: dict[str, set[str]] = {}
    for message in messages:
        words.setdefault(str(message["Message-ID"]).strip(), set()).add(f"{message['Subject']}\n{text(message)}")
    missing = sum(1 for identifier in wanted if not came[identifier])
    twice = sum(count - 1 for identifier, count in came.items() if identifier in wanted)
    differing = sum(1 for identifier in wanted if len(words.get(identifier, ())) > 1)
    yield none("ledger_kills.mails_missing", missing, len(wanted), unit="mails")
    yield none(
        "ledger_kills.mails_differing", differing, len(wanted), unit="mails", note="same Message-ID, other words"
    )
    # SMTP has no way to ask whether a mail was taken: a worker that dies between the server's yes and its
    # own commit sends the same letter again, under the same Message-ID, which is how receivers know it.
    note = f"the same letter under the same Message-ID, of {len(wanted)} mails"
    yield at_most("ledger_kills.mails_received_twice", twice, "mails", gate=max(1, kills // 20), target=0, note=note)


def _release_figures(stack: Stack, ids: list[Any]) -> Iterator[Figure]:
    """Each built once and whole, each published once, and the public folder is what the site says."""
    from ledger.models import Event
    from release.models import Artefact, Release

    done = Counter(Event.objects.filter(subject_id__in=[str(each) for each in ids]).values_list("subject_id", "verb"))
    doubled = sum(count - 1 for (_id, verb), count in done.items() if verb.endswith((".complete", ".publish")))
    partial: list[str] = []
    for release in Release.objects.filter(pk__in=ids):
        files = list(Artefact.objects.filter(release=release))
        whole = bool(release.manifest_sha256) and all(_as_listed(stack, each) for each in files)
        if not (whole and {"brief.pdf", "brief.docx", "SHA256SUMS"} <= {each.name for each in files}):
            partial.append(f"{release.status} with {len(files)} files {release.sentence}".strip())
    yield none("ledger_kills.partial_releases", len(partial), len(ids), unit="releases", note="; ".join(partial[:2]))
    yield none("ledger_kills.doubled_effects", doubled, len(done), unit="events")
    differing, compared = _public_folder(stack)
    yield none("ledger_kills.public_files_wrong", differing, compared, unit="files")
    named = set(Artefact.objects.values_list("file", flat=True))
    folder = stack.data / "private"
    orphans = [path for path in (folder / "releases").glob("*") if str(path.relative_to(folder)) not in named]
    yield none("ledger_kills.files_of_nobody", len(orphans), len(named), unit="files")


def _as_listed(stack: Stack, artefact: Any) -> bool:
    path = stack.data / "private" / str(artefact.file.name)
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == artefact.sha256


def _public_folder(stack: Stack) -> tuple[int, int]:
    """Addresses whose file is not what the site answers at this moment, and how many there are."""
    from release import public_root
    from release.public import site

    wrong = compared = 0
    for address in site.addresses():
        answer = site.find(address)
        if answer is None or answer.status != 200:
            continue
        compared += 1
        path = stack.public_root / "current" / public_root.file_name(address)
        wrong += not (path.is_file() and path.read_bytes() == b"".join(answer.chunks()))
    return wrong, compared

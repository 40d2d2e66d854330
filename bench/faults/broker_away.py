"""Guards that nobody notices when Valkey is away: it carries hints and courtesies, never the truth (TRUST 5).

For half the time it hangs (SIGSTOP: sockets that never answer), for the other half it is gone; then it comes
back empty. Meanwhile three people write, others sign in by a mailed code, and an approver signs. Units: writes,
jobs, milliseconds, seconds. 20 seconds by default; SCALE_MINUTES=10 is TRUST's length. TRUST, figures.

Broken on purpose: with Django's own Redis cache in place of ``ledger.cache.Cache``, and no stand-in for the workers
(SCALE=0.1), a commenter heard 468 times 500 and nothing else; the program ended with "got no answer for 60 s".
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from collections.abc import Iterable
from typing import Any

from bench.figures import Figure, at_most, none, p95
from bench.filling import fill
from bench.stack import Stack
from bench.stack.mailbox import text
from bench.writing import judge, writing

SECONDS = 60 * float(os.environ.get("SCALE_MINUTES") or 1 / 3)


def run(stack: Stack) -> Iterable[Figure]:
    from ledger.models import Job

    made = fill(words=300, sections=1, reviewers=0, released="built", authors=6)
    known = set(Job.objects.values_list("pk", flat=True))
    broker = stack.processes["broker"]
    with writing(stack, "broker-away", pause=0.02) as (ledger, writers):
        time.sleep(3)
        before = [seconds for writer in writers for seconds in writer.seconds]
        for writer in writers:
            writer.seconds.clear()
        broker.kill(signal.SIGSTOP, family=False)
        trials = [_tried(stack, made, number) for number in range(3)]
        time.sleep(max(0.0, SECONDS / 2 - sum(seconds for _ok, seconds in trials)))
        broker.kill()
        trials += [_tried(stack, made, number) for number in range(3, 6)]
        time.sleep(SECONDS / 2)
        during = [seconds for writer in writers for seconds in writer.seconds]
    found = judge(ledger, writers)
    drained = _back_and_empty(stack, known)
    wrong = [words for writer in writers for words in writer.wrong]
    refused = sum(count for writer in writers for status, count in writer.tries.items() if status >= "5")
    failed = [number for number, (ok, _seconds) in enumerate(trials) if not ok]
    written = found.acknowledged
    left = Job.objects.exclude(pk__in=known).filter(state="failed").count() + _due(known)
    yield none("broker_away.lost", found.lost + found.half + found.doubled, written, unit="writes")
    yield none("broker_away.refused", refused + len(wrong), written, unit="writes", note="; ".join(wrong[:2]))
    yield none("broker_away.sign_ins_failed", len(failed), len(trials), unit="sign-ins", note=str(failed or ""))
    yield at_most("broker_away.sign_in", max(seconds for _ok, seconds in trials), "s", gate=20, note="code by mail")
    yield none("broker_away.sign_offs_failed", 2 - _signed(stack, made), 2, unit="sign-offs")
    note = f"{p95(before) * 1000:.0f} ms with it, for {SECONDS:g} s"
    yield at_most("broker_away.save_p95", p95(during) * 1000, "ms", gate=max(100, 3 * p95(before) * 1000), note=note)
    yield at_most("broker_away.slowest", max(during) * 1000, "ms", gate=3000)
    yield none("broker_away.jobs_lost", left, Job.objects.exclude(pk__in=known).count(), unit="jobs")
    yield at_most("broker_away.drained", drained, "s", gate=60, note="until a hint is heard again")


def _tried(stack: Stack, made: Any, number: int) -> tuple[bool, float]:
    """Sign in as one of six authors, by the code of the mail; in the middle, the approvers sign."""
    if number in (1, 4):
        _sign(stack, made, made.approvers[0 if number == 1 else 1])
    person = made.authors[number]
    client = stack.client(at="web", address=f"10.1.0.{number + 1}")
    began = time.monotonic()
    sent = client.post("/account/login/", {"email": person.email})
    if sent.status != 302:
        return False, time.monotonic() - began
    try:
        message = stack.mailbox.wait_for(person.email, seconds=40)
    except TimeoutError:
        return False, time.monotonic() - began
    code = re.search(r"\b\d{3} \d{3}\b", text(message))
    assert code
    client.post("/account/login/code/", {"code": code[0]})
    seconds = time.monotonic() - began
    return client.get("/desk/").status in (200, 302), seconds


def _sign(stack: Stack, made: Any, approver: Any) -> None:
    from bench.stack.people import forget_codes

    forget_codes(approver)
    fields = {"manifest_sha256": made.release.manifest_sha256, "code": stack.totp(approver)}
    stack.client(approver).post(f"/release/{made.release.pk}/sign/", fields)


def _signed(stack: Stack, made: Any) -> int:
    from release.models import SignOff

    return SignOff.objects.filter(release=made.release, voided_at=None).count()


def _back_and_empty(stack: Stack, known: set[Any]) -> float:
    """Start it without what it knew; the seconds until all is done and a hint goes through it again."""
    broker = stack.processes["broker"]
    for path in (stack.folder / "broker").iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    broker.start()
    began = time.monotonic()
    broker.wait_ready(30)
    from ledger.cache import reachable

    while time.monotonic() - began < 90:
        if not _due(known) and reachable() and _takes_hints(stack):
            break
        time.sleep(0.2)
    return time.monotonic() - began


def _takes_hints(stack: Stack) -> bool:
    """Whether a worker listens on the mail queue: somebody blocks on its list."""
    from redis import Redis

    with Redis.from_url(stack.environment["REDIS_URL"]) as valkey:
        return any(each.get("cmd", "").startswith("brpop") for each in valkey.client_list())


def _due(known: set[Any]) -> int:
    from django.utils import timezone

    from ledger.models import Job

    return Job.objects.exclude(pk__in=known).filter(state="due", due_at__lte=timezone.now()).count()

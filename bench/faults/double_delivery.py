"""Guards that a job has one effect however often it is delivered (TRUST, figures).

Every kind of job is given to 2 and to 5 processes at once, which call ``jobs.run`` on a signal, until 1,000 jobs
were done. What counts as an effect is read from the database and the mailbox: rows written, letters received,
transitions in the audit trail, files in the public folder. Unit: jobs.

Broken on purpose: without ``select_for_update`` in ``ledger.jobs._free`` two processes (SCALE=0.1) did 50 jobs 87
times, with 19 second effects: letters sent twice, mails recorded twice.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bench.figures import Figure, none
from bench.filling import fill
from bench.stack import Stack
from bench.stack.compose import ROOT

#: Reads "id id …" lines; at each it runs all those jobs, and answers with how many it did.
RUNNER = """
import sys, django
django.setup()
from ledger import jobs
print("ready", flush=True)
for line in sys.stdin:
    print(sum(jobs.run(each) for each in line.split()), flush=True)
"""
MOST = 5


def run(stack: Stack) -> Iterable[Figure]:
    with _workers_still(stack), _runners(stack) as runners:
        for parallel in (2, MOST):
            yield from _round(stack, runners[:parallel], parallel, stack.times(500))


def _round(stack: Stack, runners: list[Any], parallel: int, count: int) -> Iterator[Figure]:
    from ledger.jobs import handlers
    from ledger.models import Event, Job

    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    received = len(stack.mailbox.messages)
    ids = list(_jobs(count))
    done = 0
    # A few at a time, in the same order everywhere: they meet at each of them.
    for first in range(0, len(ids), 10):
        done += _deliver(runners, ids[first : first + 10])
    jobs = list(Job.objects.filter(pk__in=ids))
    kinds = Counter(job.kind for job in jobs)
    missed = " ".join(sorted(set(handlers.keys()) - set(kinds))) or "none"
    counted = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    undone = [job for job in jobs if job.state != "done"]
    failed = [f"{job.kind} {job.error}" for job in undone[:2]]
    told = "; ".join([f"{parallel} at once", counted, f"not tried: {missed}", *failed])
    name, wrong = f"double_delivery.x{parallel}", abs(done - len(jobs)) + len(undone)
    yield none(f"{name}_not_done_once", wrong, len(jobs), unit="jobs", note=told)
    twice = _doubled(stack, jobs, last, received)
    yield none(f"{name}_second_effects", len(twice), len(jobs), unit="jobs", note="; ".join(twice[:3]))


def _deliver(runners: list[Any], ids: list[Any]) -> int:
    line = " ".join(str(each) for each in ids) + "\n"
    for runner in runners:
        runner.stdin.write(line)
        runner.stdin.flush()
    return sum(int(runner.stdout.readline()) for runner in runners)


def _jobs(count: int) -> Iterator[Any]:
    """Ids of ``count`` due jobs: a few that take seconds, and mails."""
    from accounts import sign_in
    from ledger.models import Job

    known = set(Job.objects.filter(state="due").values_list("pk", flat=True))
    made = fill(words=300, reviewers=2, released="embargoed")
    _heavy(made, max(1, count // 125))
    _snapshots(made.people, max(1, count // 5))
    due = Job.objects.filter(state="due").exclude(pk__in=known)
    due.update(due_at=made.brief.created_at)
    while (lacking := count - due.count()) > 0:
        for person in made.authors[:lacking]:
            sign_in.send(sign_in.reserve(), person.email)
    yield from due.order_by("kind", "created_at").values_list("pk", flat=True)[:count]


def _heavy(made: Any, number: int) -> None:
    """Candidates, uploads to be read, public folders, a launch, deadlines and what comes before them."""
    from brief.actions import upload_draft
    from ledger import clock, jobs
    from release.actions import build_candidate
    from release.models import Embargo
    from release.publishing import rebuild_public_root, renew_search
    from review.actions.rounds import plan

    Embargo.objects.filter(release=made.release).update(instant=clock.database_now())
    for index in range(number):
        other = fill(words=200, reviewers=2, people=made.people)
        words = f"# Part {index}\n\nSome words.\n".encode()
        upload_draft(actor=other.lead, brief=other.brief, content=words, name=f"part{index}.txt")
        build_candidate(actor=other.editor, brief=other.brief, version=other.version)
        rebuild_public_root()
        reviewed = fill(words=100, reviewers=2, people=made.people)
        assert reviewed.round
        plan(reviewed.round)
        late = {"invitation": str(reviewed.invitations[0].pk)}
        jobs.enqueue("review.expire", key=f"expire:{reviewed.brief.pk}", payload=late)
        renew_search()
        jobs.enqueue("retention", key=f"night:{reviewed.brief.pk}")


def _snapshots(people: Any, number: int) -> None:
    """Sections with text that was typed since their last snapshot."""
    from bench.writing.writers import typed
    from brief import steps
    from document.engine import engine

    made = fill(words=number * 20, sections=number, reviewers=0, versions=0, people=people)
    for section in made.sections:
        steps.submit(
            actor=made.lead,
            brief_id=made.brief.pk,
            section_id=section.pk,
            version=section.version,
            client="typist",
            key="k",
            schema=engine().schema_version,
            steps=[typed("Once. ")],
        )


def _doubled(stack: Stack, jobs: list[Any], last: int, received: int) -> list[str]:
    """What happened more than once."""
    from ledger.models import Event, Mail

    letters = Counter(str(message["Message-ID"]).strip() for message in stack.mailbox.messages[received:])
    rows = Counter(Mail.objects.filter(job__in=jobs).values_list("job", flat=True))
    # A machine's transition happens once to a subject; its event says which. Each night has the same subject.
    nights = sum(job.kind == "retention" for job in jobs)
    moved = Counter(Event.objects.filter(id__gt=last, actor=None).values_list("verb", "subject_type", "subject_id"))
    twice = [f"{number} letters {identifier}" for identifier, number in letters.items() if number > 1]
    twice += [f"{number} mail rows" for number in rows.values() if number > 1]
    twice += [
        f"{number} × {verb} of {kind}" for (verb, kind, _id), number in moved.items() if number > _most(verb, nights)
    ]
    return twice + [
        f"{job.kind} began {job.starts} and ended {job.attempts} times" for job in jobs if job.attempts != 1
    ]


def _most(verb: str, nights: int) -> int:
    return nights if verb == "retention.applied" else 1


@contextlib.contextmanager
def _workers_still(stack: Stack) -> Iterator[None]:
    """The stack's own workers would be a sixth and a seventh delivery, at moments that nobody counts."""
    names = ("beat", "worker", "converter")
    for name in names:
        stack.processes[name].stop()
    try:
        yield
    finally:
        for name in names:
            stack.processes[name].start()


@contextlib.contextmanager
def _runners(stack: Stack) -> Iterator[list[Any]]:
    environment = {**stack.environment, "DJANGO_SETTINGS_MODULE": "config.settings", "PATH": os.environ["PATH"]}
    started: list[Any] = [
        subprocess.Popen(
            [sys.executable, "-c", RUNNER],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _number in range(MOST)
    ]
    try:
        for runner in started:
            assert runner.stdout is not None
            assert runner.stdout.readline().strip() == "ready"
        yield started
    finally:
        for runner in started:
            runner.stdin.close()
        end = time.monotonic() + 10
        for runner in started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                runner.wait(max(0.1, end - time.monotonic()))
            runner.kill()

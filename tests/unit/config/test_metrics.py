"""What processes count, and how one scrape hears them all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from config.metrics import exposition, sockets
from config.operations import work
from document import sandbox
from ledger import jobs, metrics
from ledger.models import Job
from ledger.slots import Registry
from release.models import Embargo
from tests.cast import Cast
from tests.factories.releases import scheduled, small_files

__all__ = ["small_files"]
ROOT = Path(__file__).resolve().parents[3]

#: A process of its own that counts one thing, tells it, and waits.
PROCESS = """
import sys, django
django.setup()
from config.metrics import sockets
from ledger import metrics
metrics.STEPS.inc(int(sys.argv[1]))
sockets.serve("web")
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    # Deeper than a socket's address may be long.
    deep = tmp_path / ("deep" * 20) / "metrics"
    settings.METRICS_DIR = deep
    return deep


@pytest.fixture
def processes(folder: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes of the host, which counted 3 and 4 steps."""
    environment = {**os.environ, "METRICS_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, number],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in ("3", "4")
    ]
    for each in started:
        assert each.stdout and each.stdout.readline() == "ready\n"
    yield started
    for each in started:
        each.kill()
        each.communicate()


def samples(text: str, name: str) -> dict[tuple[tuple[str, str], ...], float]:
    return {
        tuple(sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


@pytest.mark.django_db
def test_a_scrape_hears_every_process_and_forgets_the_dead(
    processes: list[subprocess.Popen[str]], folder: Path
) -> None:
    told = samples(exposition.text().decode(), "countersign_steps_total")
    assert sorted(told.values()) == [3.0, 4.0]
    assert len({dict(labels)["process"] for labels in told}) == 2
    assert folder.stat().st_mode & 0o077 == 0, "the sockets are for the product alone"
    processes[0].kill()
    processes[0].wait()
    assert list(samples(exposition.text().decode(), "countersign_steps_total").values()) == [4.0]
    assert len(list(folder.iterdir())) == 1, "the dead one's socket is gone"


def test_a_folder_that_cannot_be_written_to_stops_nothing(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.METRICS_DIR = tmp_path / "file" / "metrics"
    before = dict(sockets._serving)
    sockets._serving.clear()
    try:
        sockets.serve("web")
        assert not sockets._serving
    finally:
        sockets._serving.update(before)
    assert sockets.ask_all() == []


@pytest.mark.django_db
def test_a_job_is_counted_by_kind_and_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: Registry[jobs.Handler] = Registry("job handlers")
    monkeypatch.setattr(jobs, "handlers", handlers)

    def refuse(running: jobs.Running) -> None:
        raise jobs.GiveUp("No.")

    def fail(running: jobs.Running) -> None:
        raise OSError

    handlers.register("does", lambda running: {})
    handlers.register("refuses", refuse)
    handlers.register("fails", fail)
    for kind in handlers.keys():  # noqa: SIM118 - a registry, not a dictionary
        jobs.run(jobs.enqueue(kind, key=kind).pk)
    counted = {
        (sample.labels["kind"], sample.labels["outcome"]): sample.value
        for family in metrics.JOBS.collect()
        for sample in family.samples
        if sample.name.endswith("_count")
    }
    assert counted[("does", "done")] == counted[("refuses", "failed")] == counted[("fails", "again")] == 1


def test_a_conversion_is_counted_by_program_and_outcome() -> None:
    seen: list[tuple[str, str]] = []
    watcher = lambda program, outcome, seconds: seen.append((program, outcome))  # noqa: E731
    sandbox.watchers.append(watcher)
    try:
        sandbox.run(["/bin/true"])
        with pytest.raises(sandbox.Failed):
            sandbox.run(["/bin/false"])
        with pytest.raises(sandbox.TimedOut):
            sandbox.run(["/bin/sleep", "5"], timeout=0.2)
    finally:
        sandbox.watchers.remove(watcher)
    assert seen == [("true", "done"), ("false", "Failed"), ("sleep", "TimedOut")]
    assert metrics.observe_conversion in sandbox.watchers


def row(queue: str, state: str, minutes: int) -> None:
    now = timezone.now()
    Job.objects.create(
        kind="mail" if queue == "mail" else "x",
        key=f"{queue}{state}{minutes}",
        queue=queue,
        state=state,
        due_at=now - timedelta(minutes=minutes),
        finished_at=None if state == "due" else now,
    )


@pytest.mark.django_db
def test_queues_say_how_many_wait_and_how_long() -> None:
    row("mail", "due", 10)
    row("mail", "due", 5)
    row("mail", "due", -60)
    row("mail", "failed", 60)
    row("convert", "done", 60)
    queues = {queue.name: queue for queue in work.queues()}
    assert list(queues) == ["default", "mail", "convert"]
    assert (queues["mail"].due, queues["mail"].later, queues["mail"].failed) == (2, 1, 1)
    assert queues["mail"].age == pytest.approx(600, abs=5)
    assert (queues["convert"].due, queues["convert"].age) == (0, 0.0)
    assert work.mails() == {"sent": 0, "failed": 0, "waiting": 3, "given up": 1}
    told = exposition.text().decode()
    oldest = samples(told, "countersign_job_oldest_due_seconds")
    assert oldest[(("queue", "mail"),)] == pytest.approx(600, abs=5)
    assert samples(told, "countersign_jobs")[(("queue", "mail"), ("state", "failed"))] == 1


@pytest.mark.usefixtures("small_files")
def test_embargoes_ahead_are_counted_and_held_ones_are_not(cast: Cast) -> None:
    release = scheduled(cast)
    told = work.ahead()
    assert told.count == 1 and told.seconds == pytest.approx(86_400, abs=120)
    assert samples(exposition.text().decode(), "countersign_embargoes_ahead") == {(): 1.0}
    Embargo.objects.filter(release=release).update(held_at=timezone.now(), held_by=cast.press, hold_reason="Wait.")
    assert work.ahead() == work.Ahead(0, None)
    assert samples(exposition.text().decode(), "countersign_embargo_next_seconds") == {}


@pytest.mark.usefixtures("small_files")
def test_no_label_says_who_or_what_it_is_about(cast: Cast, folder: Path) -> None:
    """After work of every kind: no name, address, id or title (TRUST 10)."""
    release = scheduled(cast)
    for person in cast.people.values():
        cast.client(person).get(f"/write/{cast.brief.pk}/")
        cast.client(person).get(f"/release/{release.pk}/")
    sockets._serving.clear()
    sockets.serve("web")
    told = exposition.text().decode()
    assert 'view="brief:home"' in told
    for person in cast.people.values():
        assert person.email not in told and person.name not in told and str(person.pk) not in told
    for said in (cast.brief.title, cast.brief.slug, str(cast.brief.pk), str(release.pk)):
        assert said not in told
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|@", told)


@pytest.mark.django_db
def test_what_cannot_be_known_is_left_out(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "gone"
    told = exposition.text().decode()
    assert samples(told, "countersign_disk_bytes") == {}
    assert samples(told, "countersign_part_up")[(("part", "database"),)] == 1.0

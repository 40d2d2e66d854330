"""What only the database knows, asked at each scrape. Every host says the same: take `max` of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import Error as DatabaseFailure
from prometheus_client.metrics_core import GaugeMetricFamily

from config import parts
from config.operations import room, work
from release import public_root


def collect() -> Iterator[GaugeMetricFamily]:
    """Each family by itself: what cannot be known now (a database away, a disk gone) is left out."""
    yield _parts()
    for family in (_jobs, _oldest, _mails, _embargoes, _until, _clock, _disk, _public):
        try:
            yield family()
        except (DatabaseFailure, OSError):
            continue


def _gauge(name: str, meaning: str, labels: list[str], rows: list[tuple[list[str], float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"countersign_{name}", meaning, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family


def _parts() -> GaugeMetricFamily:
    rows = [([name], float(up)) for name, up in parts.states().items()]
    return _gauge("part_up", "Whether a part of the product is up.", ["part"], rows)


def _jobs() -> GaugeMetricFamily:
    states: dict[str, Callable[[work.Queue], int]] = {
        "due": lambda queue: queue.due,
        "later": lambda queue: queue.later,
        "failed": lambda queue: queue.failed,
    }
    rows = [([queue.name, state], float(count(queue))) for queue in work.queues() for state, count in states.items()]
    return _gauge("jobs", "Jobs that are due, for later, or given up, by queue.", ["queue", "state"], rows)


def _oldest() -> GaugeMetricFamily:
    rows = [([queue.name], queue.age) for queue in work.queues()]
    return _gauge("job_oldest_due_seconds", "How long the oldest due job waits, by queue.", ["queue"], rows)


def _mails() -> GaugeMetricFamily:
    rows = [([state], float(number)) for state, number in work.mails().items()]
    return _gauge("mails", "Letters by state.", ["state"], rows)


def _embargoes() -> GaugeMetricFamily:
    return _gauge("embargoes_ahead", "Scheduled releases whose time has not come.", [], [([], work.ahead().count)])


def _until() -> GaugeMetricFamily:
    seconds = work.ahead().seconds
    meaning = "Time until the next embargo ends; absent when there is none."
    return _gauge("embargo_next_seconds", meaning, [], [] if seconds is None else [([], seconds)])


def _clock() -> GaugeMetricFamily:
    meaning = "How far this host's clock is ahead of the database's."
    return _gauge("clock_difference_seconds", meaning, [], [([], room.clock_difference())])


def _disk() -> GaugeMetricFamily:
    usage = shutil.disk_usage(settings.DATA_DIR)
    rows = [(["free"], float(usage.free)), (["total"], float(usage.total))]
    return _gauge("disk_bytes", "Room on the disk of DATA_DIR.", ["kind"], rows)


def _public() -> GaugeMetricFamily:
    meaning = "Whether this host's public folder is what the database says."
    return _gauge("public_root_current", meaning, [], [([], float(public_root.is_current()))])

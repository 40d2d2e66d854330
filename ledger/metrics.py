"""What this process counts of its own work. `config.metrics` shows it, with all other processes' counts.

Labels are names of the code's own (a view, a job's kind, a state): never a person, an address, an id or
a title. Times are seconds.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

#: Ours alone: the library's own registry brings what nobody asked for.
registry = CollectorRegistry()

REQUESTS = Histogram(
    "countersign_request_seconds",
    "Time from a request's arrival to its answer's head, by view and kind of status (2xx, 3xx …).",
    ["view", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=registry,
)
JOBS = Histogram(
    "countersign_job_seconds",
    "Time that one try of a job took, by its kind and by what came of it: done, again (tried later), failed.",
    ["kind", "outcome"],
    buckets=(0.01, 0.05, 0.25, 1, 5, 30, 120, 600),
    registry=registry,
)
JOB_WAIT = Histogram(
    "countersign_job_wait_seconds",
    "Time from the moment a job was due to its beginning, by queue.",
    ["queue"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 3600),
    registry=registry,
)
ANSWERED = Counter(
    "countersign_published_answers",
    "Requests answered from the public folder, before any page is asked (not among the requests above).",
    registry=registry,
)
STEPS = Counter("countersign_steps", "Steps of the editor that were stored.", registry=registry)
CONVERSIONS = Histogram(
    "countersign_conversion_seconds",
    "Runs of outside programs on hostile ground, by program and outcome (done, Failed, TimedOut, TooLarge).",
    ["program", "outcome"],
    buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60),
    registry=registry,
)
LIVE = Gauge("countersign_live_clients", "Open live streams.", registry=registry)


def observe_conversion(program: str, outcome: str, seconds: float) -> None:
    """What `document.sandbox` tells its watchers."""
    CONVERSIONS.labels(program, outcome).observe(seconds)

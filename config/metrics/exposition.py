"""One answer for a scrape: every process's counts, each under its name, and what the database knows.

Counts are not added up over processes: a process that ends would make the sum fall. Prometheus adds
(`sum(rate(…)) by (view)`), and knows what a counter that begins anew means.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from config.metrics import rows, sockets

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Host(Collector):
    """All processes of this host, and the rows."""

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for told in sockets.ask_all():
            for family in text_string_to_metric_families(told.text):
                _add(families, family, {"part": told.part, "process": told.process})
        yield from families.values()
        yield from rows.collect()


def _add(families: dict[str, Metric], family: Metric, labels: dict[str, str]) -> None:
    whole = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
    for sample in family.samples:
        # When a counter began is said of each label anew, and nobody reads it.
        if not sample.name.endswith("_created"):
            whole.samples.append(sample._replace(labels={**sample.labels, **labels}))


def text() -> bytes:
    """The whole exposition, in Prometheus' text format 0.0.4."""
    registry = CollectorRegistry()
    registry.register(_Host())
    return generate_latest(registry)

"""While the broker is away a worker does its queues' jobs from their table, in a process of its own.

The broker carries hints only, and beat's sweep goes through it too: without it nobody would be told of the
mail with a sign-in code. Every worker keeps an eye on it, starts ``python -m config.stand_in QUEUE …`` when
it is gone, and that ends when it is back. A job that both are given has one effect: its row is locked.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

#: Seconds between two looks at the broker, and how many must fail in a row.
LOOK, MISSES = 1.0, 2
log = logging.getLogger(__name__)


class Watch(threading.Thread):
    """Looks after the broker for as long as the worker runs."""

    def __init__(self, queues: Sequence[str], *, look: float = LOOK) -> None:
        super().__init__(name="stand-in", daemon=True)
        self.queues, self._look = queues, look
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        from ledger.cache import reachable

        misses = 0
        while True:
            time.sleep(self._look)
            misses = 0 if reachable() else misses + 1
            if misses >= MISSES and (self.process is None or self.process.poll() is not None):
                log.warning("broker away: jobs are done from their table")
                self.process = begin(self.queues)


def begin(queues: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start the stand-in; it ends with the thread that called this."""
    from config.embedded import dies_with_parent

    command = [sys.executable, "-m", "config.stand_in", *queues]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=dies_with_parent(signal.SIGTERM))


def work(queues: Sequence[str], away: Callable[[], bool], *, pause: float = 1.0) -> int:
    """Do what is due in ``queues`` while ``away()``; how many were done."""
    from django.conf import settings
    from django.db import DatabaseError, connection

    from ledger import jobs
    from ledger.tasks import GRACE

    done = 0
    while away():
        before = done
        try:
            for identifier in jobs.due(queues=queues):
                # What hangs for longer ends this process; the watch begins another.
                signal.alarm(settings.JOB_TIME_LIMIT + GRACE)
                done += jobs.run(identifier)
        except DatabaseError:
            log.warning("database away too")
        finally:
            signal.alarm(0)
            connection.close()
        if done == before:
            time.sleep(pause)
    return done


def main(queues: Sequence[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from ledger.cache import reachable

    work(queues, lambda: not reachable())


if __name__ == "__main__":
    main(sys.argv[1:])

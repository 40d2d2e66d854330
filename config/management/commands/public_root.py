"""`manage.py public_root`: write this host's public folder; `--watch` keeps it what the database says."""

from __future__ import annotations

import logging
import signal
import sys
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from config.alive import leave
from release import public_root
from release.stored import NotAsSigned

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Write the public folder (DATA_DIR/public). One --watch runs on each host that serves readers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="stay, and write again whenever it is behind")
        parser.add_argument("--every", type=float, default=1.0, help="seconds between two looks (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["watch"]:
            self.stdout.write(public_root.write())
            return
        # Told to stop, it takes a half-written generation away with it.
        signal.signal(signal.SIGTERM, _leave)
        while True:
            look()
            # The connection is given back: one that broke is not met again.
            close_old_connections()
            leave()
            time.sleep(options["every"])


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def look() -> None:
    """Once: write if the folder is behind. What fails now is looked at again the next time."""
    try:
        began = time.monotonic()
        if public_root.follow():
            log.info("public folder written", extra={"seconds": round(time.monotonic() - began, 2)})
    except (DatabaseError, OSError, NotAsSigned) as error:
        log.error("public folder is behind", extra={"error": type(error).__name__})

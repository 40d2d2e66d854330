"""`manage.py demo`: the whole product on this machine, with the example brief."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Start the database, the broker, the pages, the worker and beat, with the example brief."
    # Nothing may touch the database before it runs.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: Any, **options: Any) -> None:
        if not (Path(settings.BUILD_DIR) / "engine" / "engine.js").is_file():
            raise CommandError("The engine is not built: run `make demo`, or `make build` first.")
        # In this process's place: the supervisor needs no Django, and lives as long as the demonstration.
        command = [sys.executable, "-m", "config.supervisor", "--port", str(options["port"])]
        os.execve(sys.executable, [*command, "--data", str(settings.DATA_DIR)], dict(os.environ))  # noqa: S606

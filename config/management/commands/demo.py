"""`manage.py demo`: the whole product on this machine, with the example brief."""

from __future__ import annotations

import os
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
        # Imported here: these wheels are for demonstrations and tests, production does not have them.
        from config.embedded import NotStarted
        from config.supervisor import Refused, Supervisor

        if not (Path(settings.BUILD_DIR) / "engine" / "engine.js").is_file():
            raise CommandError("The engine is not built: run `make demo`, or `make build` first.")
        try:
            Supervisor(Path(settings.DATA_DIR), options["port"]).run()
        except (Refused, NotStarted) as error:
            raise CommandError(str(error)) from error

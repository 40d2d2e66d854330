"""`manage.py rehearse_restore [BACKUP]`: prove that a backup can be brought back, without touching anything."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.keeping import archive, backup
from config.keeping.rehearsal import rehearse
from config.keeping.restore import Refused


class Command(BaseCommand):
    help = "Restore a backup (a new one, if none is named) into a scratch database and folder, and compare."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", nargs="?", default="", help="what `manage.py backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
                source = options["source"]
                if not source:
                    source = str(Path(folder) / "backup.zip")
                    with archive.writing(source) as writer:
                        backup.make(writer)
                manifest, differences = rehearse(archive.reading(source))
        except (archive.Damaged, Refused) as refusal:
            raise CommandError(str(refusal)) from refusal
        if differences:
            raise CommandError("\n".join(differences))
        for name, rows in manifest.tables.items():
            if rows.rows:
                self.stdout.write(f"{rows.rows:>9}  {rows.digest[:16]}  {name}")
        self.stdout.write(f"{len(manifest.files):>9}  files, each with its SHA-256")
        self.stdout.write(f"Equal in rows, hashes, numbers, triggers and constraints. {time.monotonic() - began:.1f} s")

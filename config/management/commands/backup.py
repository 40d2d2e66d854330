"""`manage.py backup FILE.zip|FOLDER`: database and private files together, from a running system."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.keeping import archive, backup, tables


class Command(BaseCommand):
    help = "Write database and private files, as one ZIP file (a name ending in .zip) or as a folder."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", help="a new file ending in .zip, a new folder, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        target: str = options["target"]
        if target != "-" and os.path.lexists(target):
            raise CommandError(f"{target} is there already: a backup never writes over anything.")
        try:
            if target != "-":
                Path(target).resolve().parent.mkdir(parents=True, exist_ok=True)
            with archive.writing(target) as writer:
                manifest, sha256 = backup.make(writer)
        except tables.NotThere as error:
            raise CommandError(f"The database has no table {error}: run `manage.py migrate` first.") from error
        except OSError as error:
            raise CommandError(f"The backup could not be written: {error}") from error
        rows = sum(table.rows for table in manifest.tables.values())
        # Standard output may be the backup itself.
        self.stderr.write(
            f"{rows} rows of {len(manifest.tables)} tables and {len(manifest.files)} files.\n"
            f"SHA-256 of its manifest, to keep elsewhere: {sha256}"
        )
        if manifest.missing:
            names = ", ".join(manifest.missing[:10])
            raise CommandError(f"It is written, but {len(manifest.missing)} of its files were not there: {names}")

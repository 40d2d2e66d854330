"""`manage.py restore FILE.zip|FOLDER`: bring a backup back into an empty database, or with --replace."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.erasure import erase_again
from config.keeping import archive
from config.keeping.restore import Refused, restore
from release.publishing import rebuild_public_root


class Command(BaseCommand):
    help = "Check a backup and bring it back: database and private files, all of it or nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="what `manage.py backup` wrote")
        parser.add_argument("--replace", action="store_true", help="throw away what the database holds now")
        parser.add_argument(
            "--manifest", default="", help="the SHA-256 that `backup` printed, to be sure it is that one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reader = archive.reading(options["source"])
            manifest = restore(
                reader, storage=default_storage, replace=options["replace"], expected=options["manifest"]
            )
        except (archive.Damaged, Refused) as refusal:
            raise CommandError(str(refusal)) from refusal
        again = erase_again()
        rebuild_public_root()
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(f"Restored: {rows} rows and {len(manifest.files)} files, as they were on {manifest.made_at}.")
        self.stdout.write("Everybody signs in anew. Start the processes now.")
        if again:
            self.stdout.write(f"{again} people who were forgotten since then have been forgotten again.")
        if manifest.missing:
            self.stderr.write(f"{len(manifest.missing)} files were missing when the backup was made.")

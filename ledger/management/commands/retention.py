"""`manage.py retention`: remove what is older than its class is kept; `--dry-run` only counts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ledger import retention


class Command(BaseCommand):
    help = "Apply the periods of retention, as the nightly job does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and remove nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            for each, days, number in retention.due():
                kept = "for ever" if days is None else f"{days} days"
                self.stdout.write(f"{each.key:<16}{kept:>12}{number:>10}  {each.title}")
            return
        counts = retention.apply()
        for key, number in counts.items():
            self.stdout.write(f"{key:<16}{number:>10}")
        self.stdout.write(f"{sum(counts.values())} records removed.")

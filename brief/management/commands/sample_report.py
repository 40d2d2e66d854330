"""Write a Word file in our own words, with the difficulties of real reports."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from document.sample import sample


class Command(BaseCommand):
    help = "Write a sample report (.docx) to try the import with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--words", type=int, default=35_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--out", type=Path, default=Path("sample-report.docx"))

    def handle(self, *args: Any, **options: Any) -> None:
        content = sample(options["words"], options["seed"])
        options["out"].write_bytes(content)
        self.stdout.write(f"{options['out']}: {len(content):,} bytes")

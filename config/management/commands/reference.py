"""`manage.py reference`: write the generated pages of docs/reference/, or (`--check`) compare them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.reference import pages


class Command(BaseCommand):
    help = "Write docs/reference/ from the transition tables and the permits."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare, and fail when a page is out of step")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.ROOT) / "docs" / "reference"
        stale = [name for name, text in pages().items() if _read(folder / name) != text]
        if options["check"]:
            if stale:
                raise CommandError(f"Out of step: {', '.join(stale)}. Run `make reference`.")
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            (folder / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"docs/reference/{name}{' (changed)' if name in stale else ''}")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""

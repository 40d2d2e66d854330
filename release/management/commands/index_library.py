"""`manage.py index_library`: what the library's search finds, written anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from release.search import index


class Command(BaseCommand):
    help = "Write what the library's search finds anew: after an update, or when in doubt. Twice doubles nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        briefs = index.write_all()
        if options["verbosity"]:
            self.stdout.write(f"{briefs} briefs can be searched.")

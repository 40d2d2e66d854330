"""`manage.py load_example`: the example brief with its people and its story."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.example.load import load


class Command(BaseCommand):
    help = "Load the example brief; loading it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            # Everybody knows the seeds of its people's authenticator apps.
            raise CommandError("The example belongs in the demonstration, not in production.")
        began = time.monotonic()
        brief, new = load()
        if options["verbosity"]:
            told = f"loaded in {time.monotonic() - began:.1f} s" if new else "was there already"
            self.stdout.write(f"“{brief.title}” {told}.")

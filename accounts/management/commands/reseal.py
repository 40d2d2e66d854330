"""`manage.py reseal`: after SECRET_KEY was changed, so that the old key can be taken away."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import seals


class Command(BaseCommand):
    help = "Seal the seeds of authenticator apps and recovery codes under today's SECRET_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = seals.renew()
        except seals.Unreadable as error:
            raise CommandError(f"Nothing was changed: the key of {error} is not in SECRET_KEY_FALLBACKS.") from error
        self.stdout.write(f"{number} seeds are sealed under today's key.")

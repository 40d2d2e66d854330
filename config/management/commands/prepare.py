"""`manage.py prepare`: before the processes of a release start, bring database and static files up to it."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, and copy styles and scripts to where the web server reads them. Safe to repeat."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        # Files of earlier releases stay: pages that people have open still ask for them.
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write("The database and the static files are up to date.")

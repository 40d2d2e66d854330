"""`manage.py prepare_demo`: bring the database up to date, load the example, say who can sign in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "For the supervisor of the demonstration; safe to repeat."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only in the demonstration (DEMO=1).")
        call_command("migrate", interactive=False, verbosity=0)
        if "load_example" in get_commands():
            call_command("load_example", verbosity=0)
        people = get_user_model().objects.filter(is_active=True).order_by("date_joined", "email")[:16]
        if not people:
            self.stdout.write("Nobody can sign in yet: the example brief is not part of this build.")
            return
        self.stdout.write(f"Sign in as one of these; codes and mail are at {settings.BASE_URL}/demo/\n")
        width = max(len(person.email) for person in people)
        for person in people:
            self.stdout.write(f"  {person.email:<{width}}  {person.name}")

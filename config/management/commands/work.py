"""`manage.py work`: what waits and what was given up; `--again KIND` tries that once more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from config.operations import work
from ledger import again


class Command(BaseCommand):
    help = "List queues and what was given up. With --again, make it due: after a mail server was mended, say."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", metavar="KIND", default="", help="the kind to try again, as it is listed")
        parser.add_argument(
            "--since", metavar="TIME", default="", help="only what was given up since: 2026-11-22T10:00Z"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"]:
            since = parse_datetime(options["since"]) if options["since"] else None
            if options["since"] and (since is None or is_naive(since)):
                raise CommandError("Give the time with its zone: 2026-11-22T10:00Z")
            self.stdout.write(f"{again.try_again(options['again'], since=since)} are due again.")
            return
        for queue in work.queues():
            told = f"{queue.due} due, {queue.later} for later, the oldest waits {queue.age:.0f} s"
            self.stdout.write(f"{queue.name}: {told}")
        for kind, error, number in again.given_up():
            self.stdout.write(f"given up: {number} × {kind} ({error or 'no reason'})")

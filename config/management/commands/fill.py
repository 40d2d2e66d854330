"""`manage.py fill`: made-up briefs of any size, in a database that is for trials."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from config.filling import DOMAIN, Filled, fill
from config.filling.releases import STAGES


class Command(BaseCommand):
    help = "Make a brief of a wanted size with its people, and print as JSON what was made."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--words", type=int, default=5000, help="of the whole text")
        parser.add_argument("--sections", type=int, default=1)
        parser.add_argument("--threads", type=int, default=0, help="among the authors")
        parser.add_argument("--versions", type=int, default=1)
        parser.add_argument("--reviewers", type=int, default=3)
        parser.add_argument("--comments", type=int, default=0, help="of the reviewers")
        parser.add_argument("--authors", type=int, default=2)
        parser.add_argument("--briefs", type=int, default=1, help="so many, with the same people")
        parser.add_argument("--released", choices=STAGES, default="", help="how far its release is")
        parser.add_argument("--embargo", type=int, default=24 * 60, metavar="MINUTES")
        parser.add_argument("--anyway", action="store_true", help="also where other people have accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["anyway"] and User.objects.exclude(email__endswith=f"@{DOMAIN}").exists():
            raise CommandError(
                "People have accounts in this database, so it may not be one for trials. "
                "If made-up briefs belong into it all the same, say --anyway."
            )
        sizes = {name: options[name] for name in ("words", "sections", "threads", "versions", "reviewers")}
        more = {name: options[name] for name in ("comments", "authors", "released")}
        people = None
        for _brief in range(options["briefs"]):
            began = time.monotonic()
            made = fill(**sizes, **more, embargo=timedelta(minutes=options["embargo"]), people=people)
            people = made.people
            self.stdout.write(json.dumps({**described(made), "seconds": round(time.monotonic() - began, 2)}))


def described(made: Filled) -> dict[str, Any]:
    """Ids, addresses and counts."""
    return {
        "brief": str(made.brief.pk),
        "slug": made.brief.slug,
        "sections": [str(each.pk) for each in made.sections],
        "words": sum(each.words for each in made.sections),
        "threads": len(made.threads),
        "versions": [str(each.pk) for each in made.versions],
        "round": str(made.round.pk) if made.round else None,
        "comments": len(made.comments),
        "release": str(made.release.pk) if made.release else None,
        "status": made.release.status if made.release else None,
        "people": {
            "authors": [each.email for each in made.authors],
            "editor": made.editor.email,
            "approvers": [each.email for each in made.approvers],
            "press": made.press.email,
            "reviewers": [each.email for each in made.reviewers],
        },
    }

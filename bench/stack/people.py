"""This process's own Django on the stack's database, and sessions of its people."""

from __future__ import annotations

import os
from typing import Any


def set_up_django(environment: dict[str, str]) -> None:
    """Once per process: settings cannot be changed afterwards. Without a pool, so that a killed database
    costs one connection of each thread and no waiting."""
    os.environ.update(environment)
    for name in ("DEMO", "DEBUG", "TESTING"):
        os.environ.pop(name, None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["LOG_LEVEL"] = "WARNING"
    import django
    from django.conf import settings

    if settings.configured:
        raise RuntimeError("one stack with the ORM per process: say Stack(…, orm=False)")
    settings.DATABASES["default"]["OPTIONS"] = {}
    django.setup()


def session(user: Any) -> str:
    """The key of a new session, signed in by mailed code and, where one is owed, a second factor."""
    from accounts.second_factor import has_one
    from tests.factories.sessions import signed_in

    return signed_in(user, second_factor=has_one(user))


def forget_codes(user: Any) -> None:
    """Let the code that the app shows now be used again: a program need not wait 30 seconds."""
    from accounts.models import SpentFactor

    SpentFactor.objects.filter(user=user).delete()


def fresh_connections() -> None:
    """Drop this thread's connections, after the database was killed under them."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()

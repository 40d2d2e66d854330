"""The tests' own database is empty after each of them, whatever is still going on."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import OperationalError, connection

from accounts.models import Organisation
from tests import database


def hold(seconds: float, held: threading.Event) -> None:
    """Reads two tables, the later one last, as the answer to a page that was closed may."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM django_session")
        held.set()
        time.sleep(seconds)
        cursor.execute("SELECT FROM accounts_organisation")
        cursor.execute("COMMIT")
    connection.close()


def beside(seconds: float) -> threading.Thread:
    held = threading.Event()
    thread = threading.Thread(target=hold, args=(seconds, held))
    thread.start()
    assert held.wait(10)
    return thread


@pytest.mark.django_db(transaction=True)
def test_it_is_emptied_beside_somebody_who_reads() -> None:
    """With a lock that waits, one of the two ended in a deadlock."""
    Organisation.objects.create(name="North", short_name="N", slug="n")
    reader = beside(0.5)
    database.empty()
    reader.join()
    assert not Organisation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_never_ends_is_told_of() -> None:
    reader = beside(0.6)
    with pytest.raises(OperationalError, match="could not obtain lock"):
        database.empty(patience=0.1)
    reader.join()

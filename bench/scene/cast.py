"""The standing cast of the tests on a running stack: the same people, records and table of doors."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db import transaction

from ledger import jobs
from tests.cast import Cast
from tests.factories.releases import build_small

#: What can be made only while the brief is open to edits.
BEFORE_CLEARANCE = (
    *("draft", "thread", "removed_section", "source", "batch", "figure", "export", "named_point", "stakeholder"),
    *("claim", "contradiction", "whole", "preferred_term", "set_aside"),
    *("proposal", "second_invitation", "receipt", "open_invitation"),
)


def stage() -> Cast:
    """A cast of its own with everything that it works on, a candidate in clearance included.

    In one transaction, with its jobs: the stack's workers see only the finished scene.
    """
    with transaction.atomic(), small_files():
        made = Cast(secrets.token_hex(4))
        for name in BEFORE_CLEARANCE:
            assert getattr(made, name), name
        assert made.elsewhere.round
        assert made.release
        jobs.run_due()
    return made


@contextmanager
def small_files() -> Iterator[None]:
    """Candidates built in this process consist of a few bytes each, and their PDF passes."""
    with patch("document.artefacts.build", build_small), patch("document.pdfcheck.check", return_value=[]):
        yield

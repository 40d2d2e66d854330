"""`manage.py load_example`."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from brief.models import Brief


def test_it_is_refused_in_production(settings: Any, db: None) -> None:
    settings.LOCAL = False
    with pytest.raises(CommandError, match="not in production"):
        call_command("load_example")
    assert not Brief.objects.exists()

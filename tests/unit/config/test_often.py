"""The sweep's rhythm goes on whatever clock it was started under."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from config.often import Often


@pytest.mark.parametrize(("ago", "due"), [(6, True), (1, False), (-7200, True), (7200, True)])
def test_it_is_due_after_its_time_and_when_the_last_time_lies_ahead(ago: float, due: bool) -> None:
    every = Often(timedelta(seconds=5))
    state = every.is_due(every.now() - timedelta(seconds=ago))
    assert state.is_due is due
    assert state.next <= 5


def test_the_sweep_keeps_it() -> None:
    assert isinstance(settings.CELERY_BEAT_SCHEDULE["sweep"]["schedule"], Often)

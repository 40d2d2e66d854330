"""A rhythm that a wrong clock cannot stop."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery.schedules import schedstate, schedule


class Often(schedule):
    """Every so many seconds; also when the last time lies ahead, as it does once a clock was put right.

    Beat remembers the last time in a file and would otherwise wait until it comes.
    """

    def is_due(self, last_run_at: datetime) -> schedstate:
        now = self.maybe_make_aware(self.now())
        last = self.maybe_make_aware(last_run_at)
        return super().is_due(now - self.run_every if last > now + timedelta(seconds=1) else last)

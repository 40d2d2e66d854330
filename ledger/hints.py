"""Hints to the broker, from a thread of their own: no request waits for a broker that is away (TRUST 5).

A hint that is lost costs a moment: beat's sweep finds the job's row.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

T = TypeVar("T")
log = logging.getLogger(__name__)
#: Hints that may wait; of more than these the sweep will tell.
MOST = 1_000
#: Seconds for which a broker that failed is left alone.
PAUSE = 2.0


class Messenger(Generic[T]):
    """``tell`` returns at once; a thread sends, one after the other, what it was told."""

    def __init__(self, send: Callable[[T], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._waiting: queue.Queue[T] = queue.Queue(MOST)
        self._of = 0

    def tell(self, message: T) -> None:
        self._ensure_running()
        try:
            self._waiting.put_nowait(message)
        except queue.Full:
            log.warning("too many hints at once, jobs left to the sweep")

    def settle(self) -> None:
        """Wait until everything told so far was sent or given up; for programs that end now."""
        if self._of == os.getpid():
            self._waiting.join()

    def _ensure_running(self) -> None:
        # Threads do not survive a fork: a worker's child begins its own.
        if self._of == os.getpid():
            return
        with self._lock:
            if self._of != os.getpid():
                self._waiting = queue.Queue(MOST)
                threading.Thread(target=self._work, args=[self._waiting], name="hints", daemon=True).start()
                self._of = os.getpid()

    def _work(self, waiting: queue.Queue[T]) -> None:
        away = 0.0
        while True:
            message = waiting.get()
            try:
                if time.monotonic() >= away:
                    self._send(message)
            except (OperationalError, RedisError, OSError) as error:
                away = time.monotonic() + PAUSE
                log.warning("broker away, jobs left to the sweep", extra={"error": type(error).__name__})
            except Exception:
                log.exception("a hint was not sent")
            finally:
                waiting.task_done()

"""One process of the stack: started, killed and started again as a container would be."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil

from config.embedded import NotStarted, dies_with_parent

#: The kernel ends a child when the thread that started it ends: this one lives as long as we do.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


class Part:
    """A named process with its children.

    ``environment`` and ``prefix`` (["faketime", "-f", "+2h"]) may be changed between ``stop`` and ``start``.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        environment: dict[str, str],
        folder: Path,
        ready: Callable[[], bool],
        before: Callable[[], None] = lambda: None,
        ends_by: int = signal.SIGTERM,
        **popen: Any,
    ) -> None:
        self.name, self.command, self.environment = name, command, environment
        self.folder, self.log = folder, folder / "logs" / f"{name}.log"
        self.prefix: list[str] = []
        self.started = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._ready, self._before, self._popen = ready, before, popen
        self._ends_by = ends_by

    @property
    def pid(self) -> int:
        """Of the main process; 0 when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else 0

    def pids(self) -> list[int]:
        """The main process first, then every process below it."""
        if not self.pid:
            return []
        try:
            return [self.pid, *(child.pid for child in psutil.Process(self.pid).children(recursive=True))]
        except psutil.NoSuchProcess:
            return []

    @property
    def memory(self) -> int:
        """Bytes that this part alone holds (proportional set size), children included."""
        total = 0
        for pid in self.pids():
            with contextlib.suppress(psutil.Error):
                total += psutil.Process(pid).memory_full_info().pss
        return total

    def start(self) -> None:
        """Start it unless it runs; does not wait until it answers."""
        if self.pid:
            return
        self._before()
        self.started = time.time()
        _starter.submit(self._launch).result()

    def wait_ready(self, seconds: float = 30.0) -> float:
        """Until it answers; how many seconds that took. Raises NotStarted."""
        began = time.monotonic()
        while not self._ready():
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() - began > seconds:
                state = "ended" if ended else f"did not answer within {seconds:g} s"
                raise NotStarted(f"{self.name} {state}; its log is {self.log}:\n{self.tail()}")
            time.sleep(0.02)
        return time.monotonic() - began

    def is_ready(self) -> bool:
        return bool(self.pid) and self._ready()

    def kill(self, number: int = signal.SIGKILL, *, family: bool = True) -> None:
        """Send a signal to the main process; with -9 to its children too, as the end of a container does."""
        pids = self.pids()
        for pid in pids if family and number == signal.SIGKILL else pids[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if number == signal.SIGKILL and self._process is not None:
            self._process.wait(10)

    def stop(self, seconds: float = 15.0) -> None:
        """Ask it to end, and end it when it does not."""
        if self._process is None:
            return
        family = self.pids()
        self.kill(self._ends_by)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        for pid in family:
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                if pid != os.getpid() and psutil.Process(pid).create_time() <= time.time():
                    os.kill(pid, signal.SIGKILL)
        self._process.wait(10)

    def restart(self, seconds: float = 30.0) -> float:
        """Stop, start, wait; the seconds until it answered again."""
        self.stop()
        self.start()
        return self.wait_ready(seconds)

    def tail(self, lines: int = 12) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    def _launch(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.prefix, *self.command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
                **self._popen,
            )

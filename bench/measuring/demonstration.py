"""`manage.py demo` on a folder and a port of its own, until every part is up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from bench.stack.compose import ROOT
from config.embedded import NotStarted, free_port

#: What the stack put into this process is not the demonstration's.
FOREIGN = ("SECRET_KEY", "DATABASE_URL", "LIVE_DATABASE_URL", "REDIS_URL", "BASE_URL", "EMAIL_URL", "TRUSTED_PROXIES")


class Demonstration:
    """``with Demonstration(folder) as running``: ``seconds`` until ``/health/`` says that all is up."""

    def __init__(self, folder: Path, *, limit: float = 180.0) -> None:
        self.folder, self.limit, self.seconds = folder, limit, 0.0
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Demonstration:
        self.folder.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(self.port)],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        self.seconds = time.perf_counter() - began
        return self

    def __exit__(self, *error: object) -> None:
        """As Ctrl-C does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)

    @property
    def memory(self) -> int:
        """Bytes of all its processes together."""
        assert self._process is not None
        above = psutil.Process(self._process.pid)
        return sum(each.memory_full_info().pss for each in (above, *above.children(recursive=True)))

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return {**kept, "DATA_DIR": str(self.folder)}

    def _wait(self) -> None:
        end = time.monotonic() + self.limit
        while not self._up():
            if time.monotonic() > end or (self._process is not None and self._process.poll() is not None):
                raise NotStarted(f"the demonstration did not come up; its log is {self.folder / 'log'}")
            time.sleep(0.05)

    def _up(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=5) as answer:
                return bool(json.load(answer)["ok"])
        except (urllib.error.URLError, OSError, ValueError):
            return False

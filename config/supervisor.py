"""The demonstration: one process that starts everything, keeps it running, and takes it down with itself.

PostgreSQL and Valkey come from wheels; pages and live events, the worker and beat are processes of
ours. Children die with the supervisor (on Linux by the kernel's doing); what a killed one leaves
behind elsewhere is found at the next start by a mark in its environment, never by its pid alone.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

import psutil

from config.embedded import NotStarted, Postgres, Valkey, dies_with_parent, free_port, secret
from config.local import ROOT, environment_file

#: In the environment of every child: which folder it works on.
MARK = "COUNTERSIGN_DEMO"
PYTHON = sys.executable


class Refused(Exception):
    """The demonstration cannot start here; the message says what to do."""


@dataclass
class Child:
    """A process of ours, and when it was last started."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list)

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def too_often(self) -> bool:
        """Five starts within half a minute: something is wrong that another start will not mend."""
        recent = [moment for moment in self.started if time.monotonic() - moment < 30]
        return len(recent) >= 5


class Supervisor:
    """Everything one demonstration runs, on one data folder and one port."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data.resolve()
        self.port = port
        self.folder = self.data / "demo"
        self.address = f"http://localhost:{port}"
        self.postgres = Postgres(self.data / "postgres")
        self.valkey = Valkey(self.data / "valkey")
        self.database_port = free_port()
        self.children = [
            Child("beat", self._celery("beat", "-s", str(self.folder / "beat-schedule"), "--pidfile=")),
            Child("web", self._web()),
            Child("worker", self._celery("worker", "-c", "2", "-Q", "default,mail,convert", "--without-gossip")),
        ]
        self.stopping = False

    def run(self) -> None:
        """Start, say where to go, stay until told to stop. Raises Refused or NotStarted."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self._lock()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        try:
            self._check_port()
            self._end_leftovers()
            self._start()
            while not self.stopping:
                self._keep_running()
                time.sleep(0.3)
        finally:
            self._stop()
            lock.close()

    def _start(self) -> None:
        say("Starting PostgreSQL and Valkey …")
        self.postgres.start(port=self.database_port)
        self.valkey.start()
        self._write_environment()
        say("Preparing the database and the example …")
        # Beat asks nothing of the database, and what it asks for waits for the worker: it need not wait itself.
        beat, *others = self.children
        self._launch(beat)
        people = self._prepare()
        for child in others:
            if not self.stopping:
                self._launch(child)
        if self._wait_for_health():
            say(f"\nCountersign is at {self.address}/\n{people}\nCtrl-C stops everything.\n")

    def _prepare(self) -> str:
        """Migrate and load the example in one process; what it prints is who can sign in."""
        done = subprocess.run(
            [PYTHON, str(ROOT / "manage.py"), "prepare_demo"],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise NotStarted(f"The database could not be prepared:\n{done.stderr.strip()}")
        return done.stdout.strip()

    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name not in ("DEBUG", "TESTING")},
            **self._own_environment(),
            "PYTHONUNBUFFERED": "1",
            MARK: str(self.data),
        }

    def _own_environment(self) -> dict[str, str]:
        return {
            "DEMO": "1",
            "SECRET_KEY": secret(self.folder / "secret"),
            "DATABASE_URL": self.postgres.url(port=self.database_port),
            "REDIS_URL": self.valkey.url,
            "BASE_URL": self.address,
            "DATA_DIR": str(self.data),
        }

    def _write_environment(self) -> None:
        path = environment_file()
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text("".join(f"{name}={value}\n" for name, value in self._own_environment().items()))

    def _web(self) -> list[str]:
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--loop", "uvloop", "--log-level", "warning"]
        # Without the last a client that listens to live events would hold the end back for ever.
        options += ["--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "3"]
        return [PYTHON, "-m", "uvicorn", "config.asgi:application", *options]

    def _celery(self, *words: str) -> list[str]:
        return [PYTHON, "-m", "celery", "-A", "config", *words, "--loglevel", "WARNING"]

    def _launch(self, child: Child) -> None:
        with (self.folder / f"{child.name}.log").open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                env=self.environment(),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is ours alone: children are ended in order.
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
        child.started.append(time.monotonic())

    def _keep_running(self) -> None:
        """Start again what has ended by itself, the services on their old ports."""
        for service in (self.postgres, self.valkey):
            if service.process is not None and service.process.poll() is not None:
                say(f"{type(service).__name__} ended; starting it again.")
                if isinstance(service, Postgres):
                    service.start(port=self.database_port)
                else:
                    service.start()
        for child in self.children:
            if child.ended():
                if child.too_often():
                    raise NotStarted(f"{child.name} keeps ending; its log is {self.folder / child.name}.log")
                say(f"{child.name} ended; starting it again.")
                self._launch(child)

    def _wait_for_health(self) -> bool:
        """Until every part is up; what is still down after a minute is named, and running goes on."""
        end, down = time.monotonic() + 60, "web"
        while time.monotonic() < end and not self.stopping:
            self._keep_running()
            down = self._what_is_down()
            if not down:
                return True
            time.sleep(0.2)
        if not self.stopping:
            say(f"\n{self.address}/ answers, but this is not up: {down}. Logs are in {self.folder}.\n")
        return False

    def _what_is_down(self) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=5) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 503:
                return f"web (answers {error.code})"
            told = json.load(error)
        except (OSError, ValueError):
            return "web"
        return ", ".join(name for name, state in told["parts"].items() if state != "up")

    def _lock(self) -> IO[str]:
        """Held by the kernel for as long as we live, so that two never share a folder."""
        handle = (self.data / "demo.lock").open("a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise Refused(f"A demonstration is already running on {self.data}: {handle.read().strip()}") from None
        handle.truncate(0)
        handle.write(f"{self.address}/ (pid {os.getpid()})\n")
        handle.flush()
        return handle

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                # Ours from before may still hold it; they are ended next.
                if not self._leftovers():
                    raise Refused(f"Port {self.port} is taken. Choose another: make demo PORT=8001") from None

    def _leftovers(self) -> list[psutil.Process]:
        """Processes of an earlier demonstration on this folder, known by the mark in their environment."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.pid != os.getpid() and process.environ().get(MARK) == str(self.data):
                    found.append(process)
        return found

    def _end_leftovers(self) -> None:
        processes = self._leftovers()
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.terminate()
        _gone, alive = psutil.wait_procs(processes, timeout=4)
        for process in alive:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(alive, timeout=4)

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _stop(self) -> None:
        """Children first, then the broker, the database last."""
        environment_file().unlink(missing_ok=True)
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        end = time.monotonic() + 8
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, end - time.monotonic()))
        if self.valkey.process is not None:
            self.valkey.process.terminate()
        self._end_leftovers()
        self.postgres.stop()


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


def main(arguments: list[str]) -> int:
    """What `manage.py demo` becomes."""
    parser = argparse.ArgumentParser(prog="config.supervisor")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    try:
        Supervisor(chosen.data, chosen.port).run()
    except (Refused, NotStarted) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

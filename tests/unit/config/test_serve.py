"""What is imported before granian forks leaves nothing that a fork would break."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TOLD = """
import os, sys, types, threading
cli = types.ModuleType("granian.cli")
cli.entrypoint = lambda: None
sys.modules["granian.cli"] = cli
from config import serve
serve.main()
from django.db import connections
from document import engine
print(len(os.listdir("/proc/self/task")), threading.active_count(), connections["default"].connection is None)
print("config.wsgi" in sys.modules, "review.views.manage" in sys.modules, sys.argv[1:])
"""


def test_nothing_runs_and_nothing_is_open_when_the_processes_are_forked(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "k" * 60,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DATA_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TOLD, "--workers", "2"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["1 1 True", "False True ['--workers', '2']"], done.stderr

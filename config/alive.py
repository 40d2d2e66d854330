"""`python -m config.alive`: what a container's health check asks of its own process. Exit 0 when it lives.

``file`` looks for a sign of life of the last minute in ``ALIVE_FILE``; an address must answer with 200.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from pathlib import Path

#: Seconds. Workers and beat leave a sign every few seconds.
FRESH = 60.0


def leave() -> None:
    """The sign of this process, where its environment names a file."""
    name = os.environ.get("ALIVE_FILE", "")
    if name:
        Path(name).touch()


def left() -> bool:
    try:
        return time.time() - Path(os.environ["ALIVE_FILE"]).stat().st_mtime < FRESH
    except (KeyError, OSError):
        return False


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=4):  # noqa: S310 - our own address
            return True
    except OSError:
        return False


if __name__ == "__main__":
    what = sys.argv[1]
    sys.exit(0 if (left() if what == "file" else answers(what)) else 1)

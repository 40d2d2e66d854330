"""Give up everything a converter does not need, then become it. Started by ``document/sandbox.py``.

``python -I -S confine.py MEMORY CPU-SECONDS FILE-SIZE -- PROGRAM …`` Plain standard library and no
package import: it runs before every conversion and must start in a few milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def _limit(memory: int, seconds: int, largest: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _leave_network() -> None:
    """Enter a network namespace with nothing in it; where the kernel forbids it, stay."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def main(argv: list[str]) -> None:
    memory, seconds, largest = (int(each) for each in argv[1:4])
    program = argv[5:]
    _leave_network()
    _limit(memory, seconds, largest)
    # The whole point: nothing between the limits and the program.
    os.execve(program[0], program, {"SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "0")})  # noqa: S606


main(sys.argv)

"""Run an outside program on hostile ground (TRUST 4): pandoc, typst and whoever else reads uploads.

The program gets a fresh directory, an environment of one variable, ceilings on memory, processor
time, file size and open files, and no network where the kernel lets us take it away. It starts
through ``document/confine.py``, so that nothing of ours runs between fork and exec in a process
that may have threads.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files as resources
from pathlib import Path, PurePosixPath

_LAUNCHER = Path(__file__).with_name("confine.py")
_MB = 1024 * 1024
#: What a confined program may read under bubblewrap, besides the interpreter and its own folder.
_SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts")


#: How a program ends that was sent SIGKILL or SIGTERM, by itself or within bubblewrap.
_ENDED = frozenset({-signal.SIGKILL, -signal.SIGTERM, 128 + signal.SIGKILL, 128 + signal.SIGTERM})


#: Told after each run: the program's name, its outcome (``done`` or a refusal's class), seconds.
watchers: list[Callable[[str, str, float], None]] = []


class SandboxError(Exception):
    """The program gave no usable result. ``sentence`` may be shown; ``detail`` is for the log."""

    sentence = "The conversion failed."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.sentence)
        self.detail = detail


class Failed(SandboxError):
    """It ended with an error, or without an output that was promised."""

    sentence = "The file could not be converted. It may be damaged."


class TimedOut(SandboxError):
    """It used more time than allowed."""

    sentence = "The conversion took too long and was stopped."


class TooLarge(SandboxError):
    """It wanted more memory or wrote more than allowed."""

    sentence = "The file needs more room than a conversion may use."


class Killed(SandboxError):
    """Somebody else ended it: the kernel for want of memory, a container's end. Another try may succeed."""

    sentence = "The conversion was stopped from outside."


@dataclass(frozen=True)
class Result:
    """What came out: standard output, error messages, and the files that were asked for."""

    stdout: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    stderr: str = ""


@cache
def pandoc_path() -> str:
    """The pinned pandoc of the ``pypandoc_binary`` wheel, never the system's."""
    return str(resources("pypandoc").joinpath("files", "pandoc"))


@cache
def _bubblewrap() -> str:
    """Path of a bubblewrap that works here, or an empty string (containers often forbid it)."""
    program = shutil.which("bwrap")
    if not program:
        return ""
    trial = [program, "--unshare-all", "--ro-bind", "/", "/", "/bin/true"]
    try:
        done = subprocess.run(trial, capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return program if done.returncode == 0 else ""


def _wrapped(folder: str, program: str, readable: Sequence[Path]) -> list[str]:
    """The bubblewrap prefix that shows only what is needed, or nothing where it is not present."""
    bubblewrap = _bubblewrap()
    if not bubblewrap:
        return []
    own = [sys.prefix, sys.base_prefix, str(_LAUNCHER.parent), str(Path(program).parent)]
    words = [bubblewrap, "--unshare-all", "--die-with-parent", "--proc", "/proc", "--dev", "/dev"]
    words += ["--tmpfs", "/tmp"]  # noqa: S108 - an empty one of its own
    for path in [*_SYSTEM, *own, *map(str, readable)]:
        words += ["--ro-bind-try", path, path]
    return [*words, "--bind", folder, folder, "--chdir", folder]


def _inside(folder: Path, name: str) -> Path:
    """The path of ``name`` in the folder; ValueError when the name leads out of it."""
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\0" in name:
        raise ValueError(f"not a name inside the folder: {name!r}")
    return folder / path


def _put(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = _inside(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _take(folder: Path, name: str, limit: int) -> bytes:
    """Read one output; a symbolic link anywhere on its way, or a non-file, is refused."""
    path = _inside(folder, name)
    if path.parent.resolve() != path.parent:
        raise Failed(f"{name}: a link on the way")
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Failed(f"{name}: {error.strerror}") from error
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode) or about.st_nlink != 1:
        os.close(handle)
        raise Failed(f"{name}: not a plain file")
    with os.fdopen(handle, "rb") as opened:
        if about.st_size > limit:
            raise TooLarge(f"{name}: {about.st_size} bytes")
        return opened.read()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the program with all it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _verdict(code: int, errors: str) -> SandboxError:
    """Which refusal an exit status stands for."""
    detail = f"exit {code}: {errors[-2000:]}"
    if code in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
        return TimedOut(detail)
    # 251 is the Haskell runtime's "heap exhausted"; the rest are what other allocators say.
    exhausted = ("heap exhausted", "out of memory", "MemoryError", "memory allocation of", "File too large")
    if code in (251, -signal.SIGXFSZ, 128 + signal.SIGXFSZ) or any(words in errors for words in exhausted):
        return TooLarge(detail)
    if code in _ENDED:
        return Killed(detail)
    return Failed(detail)


def _confined(command: Sequence[str], folder: Path, *, stdin: bytes, timeout: float, epoch: int) -> tuple[bytes, str]:
    """Run to the end and give standard output and error; streams are files, so no pipe can fill."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        source.write(stdin)
        source.seek(0)
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"SOURCE_DATE_EPOCH": str(epoch)},
            stdin=source,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise TimedOut(f"after {timeout} s") from error
        finally:
            _end(process)
        err.seek(0)
        errors = err.read(64_000).decode("utf-8", "replace")
        if code:
            raise _verdict(code, errors)
        out.seek(0)
        return out.read(), errors


def _named(argv: Sequence[str]) -> str:
    """The program's name; of a script of ours the folder it lies in (``typst``)."""
    script = next((word for word in argv if argv[0] == sys.executable and word.endswith(".py")), "")
    return Path(script).parent.name if script else Path(argv[0]).name


@contextlib.contextmanager
def _watched(program: str) -> Iterator[None]:
    began, outcome = time.monotonic(), "error"
    try:
        yield
        outcome = "done"
    except SandboxError as error:
        outcome = type(error).__name__
        raise
    finally:
        for told in watchers:
            told(program, outcome, time.monotonic() - began)


def run(
    argv: Sequence[str],
    *,
    stdin: bytes = b"",
    files: Mapping[str, bytes] | None = None,
    outputs: Sequence[str] = (),
    timeout: float = 60,
    memory: int = 1024 * _MB,
    largest: int = 200 * _MB,
    epoch: int = 0,
    readable: Sequence[Path] = (),
) -> Result:
    """Run ``argv`` confined; ``argv[0]`` is an absolute path, other names are relative to its folder.

    ``timeout`` in seconds (wall clock and processor); ``memory`` and ``largest`` (one file, or
    standard output) in bytes; ``epoch`` becomes SOURCE_DATE_EPOCH, the one variable it sees;
    ``readable`` names further folders it may read. ``outputs`` are the files it must leave.
    Raises TimedOut, TooLarge or Failed.
    """
    with _watched(_named(argv)), tempfile.TemporaryDirectory(prefix="confined-") as name:
        folder = Path(name).resolve()
        _put(folder, files or {})
        limits = [str(memory), str(int(timeout) + 1), str(largest)]
        launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), *limits, "--", *argv]
        command = [*_wrapped(str(folder), argv[0], readable), *launcher]
        stdout, errors = _confined(command, folder, stdin=stdin, timeout=timeout, epoch=epoch)
        return Result(stdout, {each: _take(folder, each, largest) for each in outputs}, errors)

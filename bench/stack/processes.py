"""Our own processes: compose's commands and environment, with loopback and a folder put in."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

from bench.stack.compose import ROOT, Service
from bench.stack.parts import Part
from config.embedded import NotStarted, free_port


class Processes:
    """Makes parts of services; each copy has a port and a folder for passing files of its own."""

    def __init__(
        self, folder: Path, told: dict[str, Service], ports: dict[str, int], added: dict[str, str], root: Path = ROOT
    ) -> None:
        self.folder, self.told, self.ports, self.added, self.root = folder, told, ports, added, root
        for name in ("private", "public", "static"):
            (folder / "data" / name).mkdir(parents=True, exist_ok=True)

    def environment(self, service: Service, copy: str = "") -> dict[str, str]:
        """The service's own, and the little that a shell gives."""
        own = {name: self._here(value, copy) for name, value in service.environment.items()}
        # Names of machines: DOMAIN carries a port here, a host's name has none.
        own["ALLOWED_HOSTS"] = "localhost,127.0.0.1"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "BUILD_DIR") if name in os.environ}
        bin_folder = str(Path(sys.executable).parent)
        return {
            **kept,
            "PATH": f"{bin_folder}{os.pathsep}{kept.get('PATH', os.defpath)}",
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(self._tmp(copy)),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            **own,
            **self.added,
        }

    def prepare(self) -> None:
        """What the service of that name does before the others start."""
        service = self.told["prepare"]
        done = subprocess.run(
            self._command(service, "prepare"),
            env=self.environment(service, "prepare"),
            cwd=self.root,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise NotStarted(f"The database could not be prepared:\n{done.stderr.strip()}")

    def part(self, name: str, copy: str) -> Part:
        """Service ``name``, as its copy ``copy`` (web, web2 …)."""
        service = self.told[name]
        ready, before = self._sign(copy)
        if name in ("web", "live"):
            self.ports.setdefault(copy, free_port())
            port = self.ports[copy]
            ready, before = (lambda: answers(port)), (lambda: None)
        command = self._command(service, copy)
        environment = self.environment(service, copy)
        return Part(
            copy, command, environment=environment, folder=self.folder, ready=ready, before=before, cwd=self.root
        )

    def _command(self, service: Service, copy: str) -> list[str]:
        words = [self._here(word, copy) for word in service.command]
        for place, word in enumerate(words[:-1]):
            if word == "--host":
                words[place + 1] = "127.0.0.1"
            elif word == "--port":
                words[place + 1] = str(self.ports[copy])
            elif word == "-n":
                # Two of a name on one machine would be one to each other.
                words[place + 1] = f"{copy}@%h"
        return [str(Path(sys.executable).parent / words[0]), *words[1:]]

    def _here(self, text: str, copy: str) -> str:
        """The same with this machine's addresses and folders."""
        for name, usual in (("database", 5432), ("broker", 6379)):
            text = text.replace(f"@{name}:{usual}", f"@127.0.0.1:{self.ports[name]}")
        if text == "/data":
            return str(self.folder / "data")
        return text.replace("/tmp/", f"{self._tmp(copy)}/", 1) if text.startswith("/tmp/") else text  # noqa: S108

    def _tmp(self, copy: str) -> Path:
        folder = self.folder / "tmp" / (copy or "bench")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _sign(self, copy: str) -> tuple[Callable[[], bool], Callable[[], None]]:
        """Whether the sign of life of this start is there; what to do before a start."""
        path = self._tmp(copy) / "alive"
        return path.exists, lambda: path.unlink(missing_ok=True)


def answers(port: int) -> bool:
    """Whether pages are served there, whatever else is down."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/alive/", timeout=5):
            return True
    except OSError:
        return False

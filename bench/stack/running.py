"""The whole stack: started together, asked for by name, ended together."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
import psycopg
from redis import Redis

from bench import figures
from bench.client import SESSION, Client
from bench.stack import front, services
from bench.stack.compose import ROOT, Service
from bench.stack.compose import services as composed
from bench.stack.mailbox import Mailbox
from bench.stack.parts import Part
from bench.stack.processes import Processes
from config.embedded import free_port

#: What may be started more than once, by ``copies``.
SEVERAL = ("web", "live", "worker", "converter")


class Stack:
    """``with Stack(folder) as stack`` starts everything and waits until it answers.

    ``copies={"web": 2}`` starts web and web2; ``environment`` adds variables to every process of ours;
    ``database_folder`` puts PostgreSQL elsewhere; ``orm=False`` leaves this process's Django alone;
    ``root`` is where the product lies, if not here.
    """

    def __init__(
        self,
        folder: Path,
        *,
        copies: dict[str, int] | None = None,
        environment: dict[str, str] | None = None,
        database_folder: Path | None = None,
        orm: bool = True,
        root: Path = ROOT,
    ) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.public_root = self.data / "public"
        self.certificate = self.folder / "certificates" / "fullchain.pem"
        self.mailbox = Mailbox()
        self.processes: dict[str, Part] = {}
        self.ports: dict[str, int] = {}
        self.environment: dict[str, str] = {}
        self._copies, self._added = copies or {}, environment or {}
        self._database_folder, self._orm, self.root = database_folder, orm, root
        self._values = {
            "SECRET_KEY": secrets.token_urlsafe(60),
            "POSTGRES_PASSWORD": secrets.token_hex(16),
            "BROKER_PASSWORD": secrets.token_hex(16),
        }

    # --- addresses ---------------------------------------------------------------------------------

    @property
    def web(self) -> str:
        """A web process itself; it wants the header ``X-Forwarded-Proto: https``."""
        return f"http://127.0.0.1:{self.ports['web']}"

    @property
    def live(self) -> str:
        return f"http://127.0.0.1:{self.ports['live']}"

    @property
    def front(self) -> str | None:
        """nginx with TLS, or None where it is not installed."""
        return f"https://localhost:{self.ports['front']}" if "front" in self.processes else None

    def client(self, user: Any = None, at: str = "web", *, address: str = "127.0.0.1") -> Client:
        """A browser at web, live or front, signed in as ``user`` with everything that they owe."""
        base = {"web": self.web, "live": self.live, "front": self.front}[at]
        if base is None:
            raise LookupError("nginx is not installed here")
        client = Client(base, certificate=self.certificate, address=address)
        if user is not None:
            from bench.stack.people import session

            client.cookies[SESSION] = session(user)
        return client

    def totp(self, user: Any, *, ahead: int = 0) -> str:
        """What the person's authenticator app shows now; fresh ones every 30 seconds (``people.forget_codes``)."""
        from accounts.second_factor import current_code

        return current_code(user, ahead=ahead)

    def times(self, number: int) -> int:
        """``number`` scaled by SCALE, at least 1."""
        return figures.times(number)

    def manage(self, *words: str, stdin: str | None = None) -> str:
        """Run ``manage.py`` as an administrator of this stack; what it printed. Raises CalledProcessError."""
        done = subprocess.run(
            [sys.executable, str(self.root / "manage.py"), *words],
            env=self.environment,
            cwd=self.root,
            input=stdin,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.stderr.write(done.stderr)
            done.check_returncode()
        return done.stdout

    # --- life --------------------------------------------------------------------------------------

    def __enter__(self) -> Stack:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._start()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def mend(self) -> None:
        """Start again what a program has left dead, and wait for it."""
        for part in self.processes.values():
            if not part.is_ready():
                part.start()
        for part in self.processes.values():
            part.wait_ready(120)

    def settle(self, seconds: float = 60.0) -> bool:
        """What one program caused is not to disturb the next: forget its tries and limits, wait for its jobs.

        False when a job is still due after ``seconds``.
        """
        self._forget_limits()
        end = time.monotonic() + seconds
        asked = "SELECT count(*) FROM ledger_job WHERE state = 'due' AND due_at <= now()"
        while time.monotonic() < end:
            with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
                row = connection.execute(asked).fetchone()
            if row and not row[0]:
                return True
            time.sleep(0.1)
        return False

    def _forget_limits(self) -> None:
        """Everything in the cache but the signs of life; hints to workers are no part of it."""
        with Redis.from_url(self.environment["REDIS_URL"]) as broker:
            for key in broker.scan_iter("cs:*", count=1000):
                if b":alive:" not in key:
                    broker.delete(key)

    def end(self) -> None:
        """At once: whoever still works on what is thrown away need not finish it."""
        for part in reversed(self.processes.values()):
            if part.name != "database":
                part.kill()
        if "database" in self.processes:
            # Not by -9: its shared memory would stay behind.
            self.processes["database"].kill(signal.SIGQUIT)
            self.processes["database"].stop()
        self.mailbox.stop()

    def stop(self) -> None:
        """The front first, the database last."""
        order = list(reversed(self.processes.values()))
        ours = [part for part in order if part.name not in ("database", "broker")]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda part: part.stop(), ours))
        for part in order:
            part.stop()
        self.mailbox.stop()

    def _start(self) -> None:
        for name in ("database", "broker", "web", "live", "front", "front_http", "mail"):
            self.ports[name] = free_port()
        self.mailbox.start(self.ports["mail"])
        told = composed(self._variables())
        self._services(told)
        maker = Processes(self.folder, told, self.ports, self._added, self.root)
        self.environment = maker.environment(told["web"])
        if self._orm:
            from bench.stack.people import set_up_django

            set_up_django(self.environment)
        maker.prepare()
        for name in ("web", "live", "worker", "converter", "beat", "public"):
            for number in range(1, self._copies.get(name, 1) + 1 if name in SEVERAL else 2):
                copy = name if number == 1 else f"{name}{number}"
                self.processes[copy] = maker.part(name, copy)
        for part in self.processes.values():
            part.start()
        for part in self.processes.values():
            part.wait_ready(120)
        if nginx := front.program():
            front.make_certificate(self.certificate.parent)
            webs, lives = self._all("web"), self._all("live")
            self.processes["front"] = front.part(nginx, told["front"], self.folder, self.ports, webs=webs, lives=lives)
            self.processes["front"].start()
            self.processes["front"].wait_ready(10)

    def _services(self, told: dict[str, Service]) -> None:
        """Database and broker, before anything that needs them."""
        self.processes["database"] = services.database(
            told["database"],
            self.folder,
            port=self.ports["database"],
            password=self._values["POSTGRES_PASSWORD"],
            data=self._database_folder,
        )
        self.processes["broker"] = services.broker(
            told["broker"], self.folder, port=self.ports["broker"], password=self._values["BROKER_PASSWORD"]
        )
        for part in self.processes.values():
            part.start()
        for part in self.processes.values():
            part.wait_ready(30)
        password, port = self._values["POSTGRES_PASSWORD"], self.ports["database"]
        services.make_database(f"postgres://{services.NAME}:{password}@127.0.0.1:{port}/{services.NAME}")

    def _all(self, name: str) -> list[int]:
        return [self.ports[each] for each in self.processes if each.rstrip("0123456789") == name]

    def _variables(self) -> dict[str, str]:
        """What an administrator writes into ``.env``."""
        return {
            **self._values,
            "DOMAIN": f"localhost:{self.ports['front']}",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.ports['mail']}",
            "MAIL_FROM": "Countersign <desk@countersign.example>",
        }


def scratch() -> Path:
    """A fresh folder for one stack of this process; those of processes that are gone are removed."""
    above = ROOT / ".cache" / "bench"
    for old in above.glob("stack-*"):
        if not psutil.pid_exists(int(old.name.partition("-")[2])):
            shutil.rmtree(old, ignore_errors=True)
    return above / f"stack-{os.getpid()}"

"""People who write without a pause: each waits for its answer, and says the same again when none came."""

from __future__ import annotations

import http.client
import json
import random
import string
import threading
import time
import uuid
from abc import ABC, abstractmethod
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from bench.client import CSRF, Answer, Client
from bench.writing.ledger import Ledger

#: Steps in one request: with several, half of it could be stored.
BATCH = 3
#: Answers that mean "not saved, ask again": a client that gets another is told something wrong.
AGAIN = frozenset({502, 503, 504, 507})


class Writer(threading.Thread, ABC):
    """One client with one connection. ``begin`` and ``finish`` are for the program; the rest is the thread's.

    ``tries`` counts requests by outcome: a status, or "cut" when no answer came. ``gaps`` are the seconds
    from the first try of a request to its acknowledgement, for requests that needed several.
    """

    def __init__(self, client: Client, ledger: Ledger, name: str, *, pause: float = 0.0) -> None:
        super().__init__(name=name, daemon=True)
        self.client, self.ledger, self.pause = client, ledger, pause
        self.tries: Counter[str] = Counter()
        self.wrong: list[str] = []
        #: What "not saved" was said with, at most so many.
        self.refusals: list[str] = []
        self.gaps: list[float] = []
        self.seconds: list[float] = []
        self.acknowledged = 0
        self.last_yes = time.monotonic()
        #: The marker of what was sent and not acknowledged: it may be stored or not.
        self.open = ""
        self._over = threading.Event()

    def begin(self) -> Writer:
        self.prepare()
        self.start()
        return self

    def finish(self, seconds: float = 60.0) -> None:
        """Let it get its last answer. Raises RuntimeError when it does not come."""
        self._over.set()
        self.join(seconds)
        if self.is_alive():
            raise RuntimeError(f"{self.name} got no answer for {seconds:g} s: {dict(self.tries)}")

    def run(self) -> None:
        while not self._over.is_set():
            self.write(f"{self.name}x{uuid.uuid4().hex[:12]}")
            if self.pause:
                self._over.wait(self.pause)

    def write(self, marker: str) -> None:
        """Send until it is acknowledged: the same bytes under the same key, as the editor does."""
        key = uuid.uuid4().hex
        began, self.open, tries = time.monotonic(), marker, 0
        while True:
            path, body, headers = self.request(marker, key)
            tries += 1
            answer = self._send(path, body, headers)
            if answer is not None and self.accepted(answer):
                break
            if answer is not None and answer.status == 409:
                key, tries = uuid.uuid4().hex, 0
            elif answer is not None and answer.status not in AGAIN:
                self.wrong.append(f"{answer.status} {answer.text[:200]}")
            self._wait(answer)
        self.ledger.write(self.name, path, key, marker, self.parts, body)
        self.acknowledged += 1
        self.open, self.last_yes = "", time.monotonic()
        if tries > 1:
            self.gaps.append(self.last_yes - began)

    def _send(self, path: str, body: bytes, headers: dict[str, str]) -> Answer | None:
        try:
            answer = self.client.request("POST", path, body, headers)
        except (OSError, http.client.HTTPException):
            self.tries["cut"] += 1
            return None
        self.tries[str(answer.status)] += 1
        if answer.status in AGAIN and len(self.refusals) < 200:
            self.refusals.append(answer.text)
        self.seconds.append(answer.seconds)
        return answer

    def _wait(self, answer: Answer | None) -> None:
        # The editor waits a second and more; the program has less patience.
        time.sleep(0.02 + random.random() * 0.05 if answer is None or answer.status != 409 else 0)  # noqa: S311

    parts = 1

    def prepare(self) -> None:
        """What the page would know when it is open."""

    @abstractmethod
    def request(self, marker: str, key: str) -> tuple[str, bytes, dict[str, str]]:
        """Path, body and headers that say ``marker`` under ``key``."""

    @abstractmethod
    def accepted(self, answer: Answer) -> bool:
        """Whether it is saved for good."""


class Saver(Writer):
    """Types into one section: ``BATCH`` steps a request, each with the marker."""

    parts = BATCH

    def __init__(self, client: Client, section: Any, ledger: Ledger, name: str, *, pause: float = 0.0) -> None:
        super().__init__(client, ledger, name, pause=pause)
        self.section = section
        self.path = f"/write/{section.brief_id}/sections/{section.pk}/steps"
        self.version = 0
        self.schema = 0

    def prepare(self) -> None:
        answer = self.client.get(self.path.replace("/steps", "/document"))
        if answer.status == 200:
            told = answer.json()
            self.version, self.schema = told["version"], told["schema"]

    def request(self, marker: str, key: str) -> tuple[str, bytes, dict[str, str]]:
        sent = {
            "version": self.version,
            "client": self.name,
            "key": key,
            "schema": self.schema,
            "steps": [typed(f"{marker}n{number} ") for number in range(BATCH)],
        }
        return self.path, json.dumps(sent).encode(), JSON

    def accepted(self, answer: Answer) -> bool:
        if answer.status in (200, 409):
            self.version = answer.json()["version"]
        elif answer.status == 410:
            # What was acknowledged is gone: the page is loaded anew, and the verdict will say what was lost.
            self.prepare()
        return answer.status == 200


class Commenter(Writer):
    """Begins threads about a section, by the form of the writing room."""

    def __init__(self, client: Client, section: Any, ledger: Ledger, name: str, *, pause: float = 0.0) -> None:
        super().__init__(client, ledger, name, pause=pause)
        self.path = f"/write/{section.brief_id}/sections/{section.pk}/threads/"

    def request(self, marker: str, key: str) -> tuple[str, bytes, dict[str, str]]:
        secret = self.client.cookies.get(CSRF) or self.client._token
        fields = {"body": marker, "csrfmiddlewaretoken": form_token(secret, key)}
        return self.path, urlencode(fields).encode(), FORM

    def accepted(self, answer: Answer) -> bool:
        return answer.status in (302, 303)


JSON = {"Content-Type": "application/json", "Accept": "application/json"}
LETTERS = string.ascii_letters + string.digits
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def form_token(secret: str, mask: str) -> str:
    """The token of a form as one page shows it (Django's ``_mask_cipher_secret``): another for each ``mask``.

    It is what makes a form that is sent again the same form. Both are of 32 letters or digits.
    """
    pairs = zip(secret, mask, strict=True)
    return mask + "".join(LETTERS[(LETTERS.index(one) + LETTERS.index(other)) % len(LETTERS)] for one, other in pairs)


def typed(text: str) -> dict[str, Any]:
    """The step that inserts ``text`` at the beginning of the first block."""
    return {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [{"type": "text", "text": text}]}}

"""Listening to a brief's live events as a browser does."""

from __future__ import annotations

import threading
from typing import Any

from bench.stack import Stack


class Listener:
    """``events`` are the names and data that arrived between ``with`` and its end; greetings do not count."""

    def __init__(self, stack: Stack, user: Any, brief: Any) -> None:
        self.events: list[str] = []
        self._client = stack.client(user, at="live")
        self._path = f"/live/?brief={brief}"
        self._over = False
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Listener:
        self._connection = self._client._connected()
        self._connection.request("GET", self._path, headers=self._client._own_headers("GET", self._path))
        self._response = self._connection.getresponse()
        assert self._response.status == 200, self._response.status
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        if self._connection.sock is not None:
            self._connection.sock.settimeout(0.1)
        self._client.close()

    def _listen(self) -> None:
        try:
            for line in self._response:
                words = line.decode().strip()
                if words and not words.startswith((":", "retry:")) and not self._over:
                    self.events.append(words)
        except (OSError, ValueError, AttributeError):
            return  # closed by us

"""A request whose client broke off must not pass for a shorter one.

Some servers end the input of a broken request as if it were whole (granian's WSGI does). Half a form is
a form too: a comment cut in its middle, a box that was not yet ticked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


#: Bytes. More than the largest upload with its form; nginx refuses less (deploy/nginx.conf.template).
MOST = 26 * 1024 * 1024


class BrokenOff(ConnectionError):
    """Fewer bytes came than were announced. Django makes an UnreadablePostError of it."""


class WholeBodies:
    """WSGI: reading past what came of a broken body raises BrokenOff; who announces more than MOST is refused.

    What the application leaves unread is read and thrown away, piece by piece.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if str(length).isdigit() and int(length) > MOST:
            told = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "0"), ("Connection", "close")]
            start_response("413 Content Too Large", told)
            return []
        if not (str(length).isdigit() and int(length)):
            return self._application(environ, start_response)
        given = environ["wsgi.input"] = Input(environ["wsgi.input"], int(length))
        try:
            return self._application(environ, start_response)
        finally:
            # Who refuses early leaves the rest unread; the server would close on the front while that still
            # sends, and the front call it our failure. nginx has the whole body before it comes to us.
            given.drain()


class Input:
    """``wsgi.input`` that knows how much is to come. ``broken`` once it ended before."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream, self._left = stream, length
        self.broken = False

    def read(self, size: int = -1) -> bytes:
        if size is None or size < 0 or size > self._left:
            size = self._left
        pieces = []
        while size:
            piece = self._counted(self._stream.read(size))
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def readline(self, size: int = -1) -> bytes:
        size = self._left if size is None or size < 0 else min(size, self._left)
        return self._counted(self._stream.readline(size)) if size else b""

    def drain(self) -> None:
        """Read what is left, of a body that is not broken."""
        with suppress(OSError):
            while self._left and not self.broken:
                self.read(65_536)

    def readlines(self, hint: int = -1) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line

    def _counted(self, piece: bytes) -> bytes:
        if not piece:
            self.broken = True
            raise BrokenOff("the request broke off")
        self._left -= len(piece)
        return piece

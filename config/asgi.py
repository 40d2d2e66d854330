"""Pages and live events in one ASGI process: pages through a pool of WSGI threads, events async.

Production serves pages by granian's WSGI (`config.wsgi`) and sends `/live/` alone here; the
demonstration and the tests serve everything from here.
"""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from a2wsgi import WSGIMiddleware

# First: it sets Django up, and what follows may import models.
from config.pages import pages as _pages  # isort: split

from config import live
from config.live import Message, Receive, Scope, Send
from config.metrics import sockets
from ledger import logs

# After the server has set its own logging up.
logs.take_over()
sockets.serve("live")
PAGE_THREADS = int(os.environ.get("PAGE_THREADS", "8"))
# Any: its types and ours name the same messages differently.
pages: Any = WSGIMiddleware(_pages, workers=PAGE_THREADS)  # type: ignore[arg-type]


class Gone(ConnectionError):
    """The client went away in the middle of its request; Django answers that as unreadable."""


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        if scope["path"] == live.PATH and scope["method"] == "GET":
            viewer = await live.viewer(scope)
            if viewer is not None:
                await live.hub.serve(viewer, receive, send)
                return
        # Also for streams that are refused: strangers get the pages' own answers.
        await pages(_without_underscores(scope), _whole(receive), send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        if kind == "lifespan.shutdown":
            await live.hub.close()
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


def _without_underscores(scope: Scope) -> Scope:
    """WSGI cannot tell `X_Forwarded_Proto` from `X-Forwarded-Proto`: only the latter is ours to trust."""
    return {**scope, "headers": [pair for pair in scope["headers"] if b"_" not in pair[0]]}


def _whole(receive: Receive) -> Receive:
    """A body that breaks off must not pass for a shorter one."""
    complete = False

    async def checked() -> Message:
        nonlocal complete
        message = await receive()
        if message["type"] == "http.disconnect" and not complete:
            raise Gone("the request broke off")
        complete = complete or not message.get("more_body", False)
        return message

    return checked

"""Log lines as JSON, with a request id and no personal data."""

from __future__ import annotations

import json
import logging
import re
import threading
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

_log = logging.getLogger(__name__)
request_id: ContextVar[str] = ContextVar("request_id", default="")
#: The first part of our own loggers' names. What others say may be about anything: only its first words are kept.
OURS = frozenset({"accounts", "bench", "brief", "config", "document", "ledger", "release", "review"})
#: What must never stand in a message, whoever wrote it: addresses of people, of machines, secrets in addresses.
_PERSONAL = re.compile(r"[^\s\"'<>=(,;]+@[^\s\"'<>),;]+|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[\w-]{32,}\b")
#: Extra fields that may be logged: ids and kinds, never names, addresses, tokens or titles.
FIELDS = ("kind", "job", "error", "state", "seconds")


#: Servers that bring a format of their own, which prints what exceptions say.
SERVERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "_granian", "granian.access")


def take_over() -> None:
    """Let what the server around us says, and what ends a thread, be written as our own lines are."""
    for name in SERVERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = not name.endswith(".access")
    threading.excepthook = _thread_ended


def _thread_ended(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _log.error("a thread was ended by an exception", exc_info=told.exc_value)


class Formatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if current := request_id.get():
            line["request"] = current
        line.update({name: str(getattr(record, name)) for name in FIELDS if hasattr(record, name)})
        if record.exc_info:
            line["trace"] = _trace(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """Django's own words about a request end in its path, which may be a secret or a title."""
    request = getattr(record, "request", None)
    if record.name.partition(".")[0] in OURS:
        return _PERSONAL.sub("(…)", record.getMessage())
    if request is None or not record.name.startswith("django"):
        # The words without what was put into them: a library fills in addresses, arguments, exceptions.
        words = str(record.msg).strip().splitlines()
        return _PERSONAL.sub("(…)", words[0]) if words else ""
    match = getattr(request, "resolver_match", None)
    said = str(record.msg).partition(":")[0].replace("(%s)", "").replace("%s", "").strip()
    return " ".join(str(word) for word in (said, getattr(record, "status_code", ""), match and match.view_name) if word)


def _trace(error: BaseException | None) -> str:
    """Where it happened and of what kind, outermost cause last; never what the exception says.

    A mail server's refusal names the address, a database's the row.
    """
    told: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
        told.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(told)

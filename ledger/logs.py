"""Log lines as JSON, with a request id and no personal data."""

from __future__ import annotations

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")
#: Extra fields that may be logged: ids and kinds, never names, addresses, tokens or titles.
FIELDS = ("kind", "job", "error", "state", "seconds")


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
    if request is None or not record.name.startswith("django"):
        return record.getMessage()
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

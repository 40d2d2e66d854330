"""The authors' threads as markup, made once for everything that each says.

A card costs half a millisecond to write and is read far more often than it changes.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from brief.models import Brief

#: Some two kilobytes each.
MOST = 2_000
#: Stands for the request's token in what is kept; nobody who writes a comment can know it.
_TOKEN = secrets.token_hex(16)

_kept: OrderedDict[Hashable, str] = OrderedDict()
_lock = Lock()


def cards(
    request: HttpRequest, brief: Brief, threads: list[dict[str, Any]], *, talks: bool, overall: bool = False
) -> list[SafeString]:
    """``threads`` as ``brief.conversation`` gives them, for this person; with forms when they take part.

    ``overall``: on the page of the whole brief, where each says what it is about.
    """
    zone = getattr(request.user, "zone", "")
    shared = (brief.pk, zone, get_language(), overall, talks)
    token = get_token(request) if talks and threads else ""
    return [mark_safe(_card(each, brief, request.user, shared).replace(_TOKEN, token)) for each in threads]  # noqa: S308


def _card(thread: dict[str, Any], brief: Brief, user: Any, shared: tuple[Hashable, ...]) -> str:
    key = (shared, _said(thread))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    context = {
        "thread": thread,
        "brief": brief,
        "user": user,
        "talks": shared[-1],
        "overall": shared[-2],
        "csrf_token": _TOKEN,
    }
    made = render_to_string("brief/_card.html", context)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def _said(thread: dict[str, Any]) -> Hashable:
    """Everything of a thread that its card shows."""
    said = ("comment", "who", "body", "when", "own", "edited")
    replies = tuple(tuple(each[name] for name in said) for each in thread["replies"])
    tags = tuple((str(label), tone) for label, tone in thread["tags"])
    names = ("pk", *said, "quotation", "state", "resolved", "section", "place", "waits")
    plain = (*(thread[name] for name in names), thread.get("about", ""))
    return (plain, tags, replies)

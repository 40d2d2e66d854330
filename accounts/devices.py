"""Whose device it is: on one that others use, too, nothing that is written is kept (DECISIONS, *On the device*)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

#: In the session, and the name of the field that says so when one signs in.
SHARED = "shared_device"

View = Callable[..., HttpResponseBase]


def notes_device(view: View) -> View:
    """Remembers for the session what a form of this view, one of the entrance, said about the device."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            if SHARED in request.POST:
                request.session[SHARED] = True
            else:
                request.session.pop(SHARED, None)
        return view(request, *args, **kwargs)

    return answer


def is_shared(request: HttpRequest) -> bool:
    return bool(request.session.get(SHARED))

"""How something was asked for, and what it brings: by a page or by one of our scripts, a form or JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])
#: What a browser sends of a form.
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
JSON = {"application/json"}


def asks_for_data(request: HttpRequest) -> bool:
    """One of our scripts asks, and reads JSON; every other answer is a page or the way to one."""
    return request.headers.get("Accept", "").startswith("application/json")


def reads_json(view: View) -> View:
    """Marks a view whose POST brings JSON. Every other view's POST brings a form."""
    view.__dict__["reads_json"] = True
    return view


def can_be_read(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Whether a POST's body is of the kind that the view reads; an empty one always is."""
    empty = request.headers.get("Content-Length", "0") in ("", "0") and "Transfer-Encoding" not in request.headers
    if request.method != "POST" or empty:
        return True
    return request.content_type in (JSON if getattr(view, "reads_json", False) else FORMS)

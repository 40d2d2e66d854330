"""How something was asked for: by a page, or by one of our scripts."""

from __future__ import annotations

from django.http import HttpRequest


def asks_for_data(request: HttpRequest) -> bool:
    """One of our scripts asks, and reads JSON; every other answer is a page or the way to one."""
    return request.headers.get("Accept", "").startswith("application/json")

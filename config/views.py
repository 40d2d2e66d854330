"""Addresses that belong to no room: the health page, and the live stream where it cannot be streamed."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from config import live, parts


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when every part is up, else 503; names the part, says no more."""
    return _told(parts.states())


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """This process answers: nothing else is asked. Who gets no answer may end it."""
    return JsonResponse({"ok": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """This process can serve pages. A load balancer asks here: a worker that is down takes no page away."""
    return _told(parts.ready())


def _told(states: dict[str, bool]) -> JsonResponse:
    up = all(states.values())
    told = {name: "up" if state else "down" for name, state in states.items()}
    return JsonResponse({"ok": up, "parts": told}, status=200 if up else 503)


@require_GET
def stream(request: HttpRequest) -> HttpResponse:
    """Reached where pages are served without `config.asgi`, or by who may not listen.

    204 makes a browser's EventSource stop, and the page polls.
    """
    try:
        brief = UUID(request.GET.get("brief", ""))
    except ValueError:
        raise Http404 from None
    if live.ask(request.session.session_key or "", brief) is None:
        raise Http404
    return HttpResponse(status=204)

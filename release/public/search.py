"""`/search/?q=…`: what is public, searched by the web process at the moment of asking.

The page is never written to a file and never kept. It says the same to everyone and writes nothing.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from ledger import rates
from release.search import query
from release.search.query import Found


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results of ``q``, page ``page``; without a question, the form alone."""
    question = query.cleaned(request.GET.get("q", ""))
    with translation.override(settings.LANGUAGE_CODE):
        if question and not rates.spend("search", _address(request), most=settings.SEARCHES_PER_MINUTE):
            response = HttpResponse(_page(question, None, None, busy=True), status=429)
            response["Retry-After"] = str(rates.MINUTE)
        else:
            response = HttpResponse(_results(question, request.GET.get("page", "")))
    # What is public changes in a moment, and questions are nobody's business but the asker's.
    response["Cache-Control"] = "no-store"
    return response


def _results(question: str, number: str) -> str:
    found = query.find(question)
    page = Paginator(range(found.ranked), query.PAGE).get_page(number)
    return _page(question, found, page, hits=query.hits(found, (page.number - 1) * query.PAGE))


def _page(question: str, found: Found | None, page: Page[int] | None, **context: Any) -> str:
    return render_to_string(
        "release/public/search.html",
        {"question": question, "found": found, "page_obj": page, "longest": query.LONGEST, **context},
    )


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        # A request that came round the proxies, or with a header that is none: all such share one limit.
        return ""

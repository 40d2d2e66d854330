"""`/search/?q=…`: what is public, searched by the web process at the moment of asking.

The page is never written to a file and never kept. It says the same to everyone and writes nothing.
"""

from __future__ import annotations

import re
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from ledger import rates
from release.search import query

#: A page that there may be: 20 at most.
_NUMBER = re.compile(r"[1-9]\d?", re.ASCII)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results of ``q``, page ``page``; without a question, the form alone."""
    question = query.cleaned(request.GET.get("q", ""))
    with translation.override(settings.LANGUAGE_CODE):
        if question and not rates.spend("search", _address(request), most=settings.SEARCHES_PER_MINUTE):
            response = HttpResponse(_page(question, busy=True), status=429)
            response["Retry-After"] = str(rates.MINUTE)
        else:
            response = HttpResponse(_results(question, request.GET.get("page", "")))
    # What is public changes in a moment, and questions are nobody's business but the asker's.
    response["Cache-Control"] = "no-store"
    return response


def _results(question: str, number: str) -> str:
    page = int(number) if _NUMBER.fullmatch(number) else 1
    found = query.find(question, page)
    pages = Paginator(range(found.ranked), query.PAGE)
    return _page(question, found=found, page_obj=pages.get_page(page))


def _page(question: str, **context: Any) -> str:
    return render_to_string("release/public/search.html", {"question": question, "longest": query.LONGEST, **context})


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        # A request that came round the proxies, or with a header that is none: all such share one limit.
        return ""

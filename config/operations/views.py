"""How the product is, for administrators; for everybody else there is no such page."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.operations import report


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    if not getattr(request.user, "is_staff", False):
        raise Http404
    groups = report.groups()
    states = Counter(finding.state for group in groups for finding in group.findings)
    context = {"groups": groups, "risks": states["risk"], "holds": states["hold"], "now": timezone.now()}
    return render(request, "config/operations.html", context)

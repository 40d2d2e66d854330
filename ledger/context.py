"""What every template may ask about the product itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, Any]:
    return {"DEMO": settings.DEMO, "BASE_URL": settings.BASE_URL}

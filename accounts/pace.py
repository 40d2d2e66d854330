"""The entrance takes its time: as long for an address that we know as for one that we do not.

Asking for a code writes rows and a job when the account exists, and nothing when it does not. Who measures
answers would learn the difference (TRUST 9); so each answer waits until the longer one would be ready.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def even(view: View) -> View:
    """Answers of this view take ``settings.ENTRANCE_SECONDS``, unless the machine is slower than that."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        began = time.monotonic()
        response = view(request, *args, **kwargs)
        time.sleep(max(0.0, began + settings.ENTRANCE_SECONDS - time.monotonic()))
        return response

    return answer

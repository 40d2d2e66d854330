"""Words are looked up once: English falls back through catalogue after catalogue, for each word of each page.

A catalogue never changes while a process runs. What is looked up are the words of the product, not those of people,
and the longest unused are forgotten.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import trans_real

MOST = 4096


def remember() -> None:
    """In this process, for every language of the product."""
    for code, _name in settings.LANGUAGES:
        catalogue: Any = trans_real.translation(code)
        catalogue.gettext = lru_cache(MOST)(catalogue.gettext)

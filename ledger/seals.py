"""What must lie encrypted in the database, under a key of its own for each purpose."""

from __future__ import annotations

import base64
import hashlib
import logging

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

log = logging.getLogger(__name__)


def seal(text: str, *, purpose: str) -> str:
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """The text, or an empty string when there is none or its key is gone (which is logged)."""
    if not sealed:
        return ""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.error("something was sealed under a key that is gone: is it missing in SECRET_KEY_FALLBACKS?")
        return ""


def _box(purpose: str) -> MultiFernet:
    """Keys from SECRET_KEY and its fallbacks, so that rotating it locks nobody out."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(f"{purpose}:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

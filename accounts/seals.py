"""What must lie encrypted in the database: seeds of authenticator apps and of recovery codes."""

from __future__ import annotations

import base64
import hashlib
import logging

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

log = logging.getLogger(__name__)


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text, or an empty string when it was sealed under a key that is gone (which is logged)."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.error("a seed was sealed under a key that is gone: is it missing in SECRET_KEY_FALLBACKS?")
        return ""


def _box() -> MultiFernet:
    """Keys from SECRET_KEY and its fallbacks, so that rotating it locks nobody out."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(b"accounts.mfa:" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

"""A refusal carries its reason: one sentence, shown by the disabled button and the error page.

Checks in ``permissions`` and ``policies`` raise; the boolean is derived with ``allowed`` and the
sentence with ``why_not``, so neither is ever written twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise


class Refusal(Exception):
    """Something is not done, and ``sentence`` (translated text) says why and what to do."""

    status = 409

    def __init__(self, sentence: str | Promise, *, code: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.code = code


class NotAllowed(Refusal):
    """This person may not."""

    status = 403


class NotNow(Refusal):
    """It is not the time: another state is needed first."""

    status = 409


class Hidden(Refusal):
    """This person may not even know that it exists: answered as a plain 404."""

    status = 404


def allowed(check: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Whether ``check`` passes."""
    return not why_not(check, *args, **kwargs)


def why_not(check: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The sentence with which ``check`` refuses, or an empty string."""
    try:
        check(*args, **kwargs)
    except Refusal as refusal:
        return str(refusal.sentence) or refusal.__class__.__name__
    return ""

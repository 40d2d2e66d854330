"""Mail where no mail server is configured."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.mail.backends.base import BaseEmailBackend


class NoServer(BaseEmailBackend):
    """Sends nothing and says so: the letter's job is tried again, and the page of operations shows it waiting."""

    def send_messages(self, email_messages: Any) -> NoReturn:
        raise OSError("EMAIL_URL is not set")

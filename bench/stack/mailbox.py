"""The mail server of the stack: takes everything, keeps it for who asks."""

from __future__ import annotations

import logging
import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """``messages`` in the order of their arrival; each carries its envelope as ``X-To`` and ``X-From``."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage[str, str]] = []
        self._controller: Controller | None = None

    def start(self, port: int) -> None:
        # It would write down every line of every mail.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
        self._controller = None

    def to(self, address: str) -> list[EmailMessage[str, str]]:
        return [each for each in self.messages if address.lower() in str(each["X-To"]).lower()]

    def wait_for(
        self, address: str, words: str = "", seconds: float = 20.0, *, after: int = 0
    ) -> EmailMessage[str, str]:
        """The newest mail to ``address`` in whose text ``words`` (a pattern) is found. Raises TimeoutError.

        ``after`` leaves out so many of the first ``messages``.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for message in reversed(self.messages[after:]):
                if address.lower() in str(message["X-To"]).lower() and re.search(words, text(message)):
                    return message
            time.sleep(0.05)
        raise TimeoutError(f"no mail to {address} within {seconds:g} s")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        message["X-To"], message["X-From"] = ", ".join(envelope.rcpt_tos), envelope.mail_from
        self.messages.append(message)
        return "250 kept"


def text(message: EmailMessage[str, str]) -> str:
    """The plain part."""
    part = message.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""

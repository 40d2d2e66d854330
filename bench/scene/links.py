"""Links: in mails, on pages, and behind buttons that only ask."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings

from bench.stack.mailbox import Mailbox, text

CODE = re.compile(r"\b(\d{3}) (\d{3})\b")
ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


@dataclass
class Form:
    """One form of a page, with the values that a press of its button would send."""

    method: str
    action: str
    values: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """What a page leads to: ``links`` (href, src, action of anything) and ``forms``, as paths of this site."""

    LEADS = {"href", "src", "action", "data-url", "data-href", "hx-get", "poster"}

    def __init__(self, here: str, content: str) -> None:
        super().__init__()
        self.here = here
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        for name, value in told.items():
            if name in self.LEADS or (name.startswith("data-") and value.startswith("/")):
                self.links += local(value, self.here)
        if tag == "form":
            action = local(told.get("action") or self.here, self.here)
            if action:
                self.forms.append(Form(told.get("method", "get").lower(), action[0]))
        elif tag in ("input", "button", "select", "textarea") and self.forms and told.get("name"):
            self.forms[-1].values.append((told["name"], told.get("value", "")))

    def asked(self) -> list[str]:
        """Where the buttons lead that only ask (GET)."""
        return [f"{form.action}?{urlencode(form.values)}" for form in self.forms if form.method == "get"]


def local(address: str, here: str) -> list[str]:
    """The path and query of an address of this site; nothing for others and for places on the page itself."""
    if address.startswith("#"):
        return []
    whole = urlsplit(urljoin(f"{settings.BASE_URL}{here}", address))
    if whole.netloc != urlsplit(settings.BASE_URL).netloc or whole.scheme not in ("http", "https"):
        return []
    return [(whole.path or "/") + (f"?{whole.query}" if whole.query else "")]


def mailed(messages: Iterable[EmailMessage]) -> list[str]:
    """Paths of this site in all parts of the mails, each once."""
    found: dict[str, None] = {}
    for message in messages:
        for part in message.walk():
            if part.get_content_maintype() == "text":
                for address in ADDRESS.findall(str(part.get_content())):
                    found.update(dict.fromkeys(local(address.rstrip(".,)"), "/")))
    return list(found)


def mailed_code(mailbox: Mailbox, address: str, seconds: float = 20.0) -> str:
    """The six digits of the newest sign-in mail to this address. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for message in reversed(mailbox.to(address)):
            found = CODE.search(text(message))
            if found and "/invitations/" not in text(message):
                return "".join(found.groups())
        time.sleep(0.05)
    raise TimeoutError(f"no code within {seconds:g} s")

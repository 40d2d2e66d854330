"""The product asks itself as a visitor would, by BASE_URL, and reads the headers of its own answers.

So the web server in front is tried with it: what a proxy drops or adds is seen here.
"""

from __future__ import annotations

import http.client
import secrets
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from config.operations.findings import Finding, good_if
from ledger.middleware import policy

#: Seconds for one answer.
PATIENCE = 5
#: TRUST 8: a year at least.
LEAST_HSTS = 31_536_000


@dataclass(frozen=True)
class Heard:
    """An answer: its status, its headers as they came (names in lower case), its body."""

    status: int
    pairs: tuple[tuple[str, str], ...]
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        return [value for each, value in self.pairs if each == name]

    def one(self, name: str) -> str:
        """The header's one value; doubled or missing is an empty string."""
        found = self.all(name)
        return found[0] if len(found) == 1 else ""


def paths() -> list[str]:
    """What is asked: the library, the way in, a private room, and two addresses that do not exist."""
    return ["/", "/account/login/", "/desk/", *(f"/briefs/{secrets.token_hex(8)}/" for _each in range(2))]


def findings() -> list[Finding]:
    """Asks, and judges. Without an answer there is one finding, that says so."""
    try:
        heard = [ask(path) for path in paths()]
    except (OSError, http.client.HTTPException) as error:
        said = _("%(address)s does not answer from here (%(kind)s).")
        return [Finding(_("Own address"), said % {"address": settings.BASE_URL, "kind": type(error).__name__}, "hold")]
    return list(judge(*heard))


def ask(path: str) -> Heard:
    """One GET by BASE_URL, as a stranger; redirects are answers. Raises OSError, HTTPException."""
    base = urlsplit(settings.BASE_URL)
    made: http.client.HTTPConnection
    if base.scheme == "https":
        made = http.client.HTTPSConnection(
            base.hostname or "", base.port, timeout=PATIENCE, context=ssl.create_default_context()
        )
    else:
        made = http.client.HTTPConnection(base.hostname or "", base.port, timeout=PATIENCE)
    try:
        made.request("GET", f"{base.path}{path}", headers={"User-Agent": "Countersign health"})
        answer = made.getresponse()
        body = answer.read(1_000_000)
        return Heard(answer.status, tuple((name.lower(), value) for name, value in answer.getheaders()), body)
    finally:
        made.close()


def judge(library: Heard, entrance: Heard, room: Heard, missing: Heard, other: Heard) -> Iterator[Finding]:
    """What the answers say about TRUST 7 and 8 and DECISIONS' identical 404."""
    secure = settings.BASE_URL.startswith("https:")
    every = [library, entrance, room, missing]
    yield _everywhere("content-security-policy", policy(), every)
    yield _transport(every, secure=secure)
    yield _everywhere("cross-origin-opener-policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY, every)
    yield _everywhere("x-content-type-options", "nosniff", every)
    yield _everywhere("x-frame-options", "DENY", every)
    yield _everywhere("referrer-policy", settings.SECURE_REFERRER_POLICY, every)
    yield good_if(library.status == 200, _("Library"), _("answers %(status)s") % {"status": library.status})
    yield good_if(
        library.one("cache-control") == "no-cache", _("Public pages are asked about each time"), _caching(library)
    )
    yield good_if(not library.all("set-cookie"), _("Public pages set no cookie"), _cookies(library))
    yield good_if("no-store" in entrance.one("cache-control"), _("The way in is not kept"), _caching(entrance))
    yield from _flags(entrance, secure=secure)
    refused = room.status == 302 and room.one("location").endswith("/account/login/")
    yield good_if(refused, _("Strangers are sent to sign in"), f"{room.status} {room.one('location')}")
    yield good_if("no-store" in room.one("cache-control"), _("Private rooms are not kept"), _caching(room))
    yield good_if(_same(missing, other), _("Every 404 is the same"), _("two addresses that do not exist were compared"))


def _everywhere(header: str, wanted: str, answers: Iterable[Heard]) -> Finding:
    wrong = [answer.one(header) or _("missing or doubled") for answer in answers if answer.one(header) != wanted]
    return good_if(not wrong, header, wrong[0] if wrong else wanted)


def _transport(answers: Iterable[Heard], *, secure: bool) -> Finding:
    name = "strict-transport-security"
    if not secure:
        return Finding(name, _("BASE_URL is not https: only for trying the product out."), "hold")
    least = min(_max_age(answer.one(name)) for answer in answers)
    return good_if(least >= LEAST_HSTS, name, _("max-age %(seconds)s seconds") % {"seconds": least})


def _max_age(header: str) -> int:
    for part in header.split(";"):
        name, _equals, value = part.strip().partition("=")
        if name.lower() == "max-age" and value.isdigit():
            return int(value)
    return 0


def _flags(entrance: Heard, *, secure: bool) -> Iterator[Finding]:
    for header in entrance.all("set-cookie"):
        for name, cookie in SimpleCookie(header).items():
            right = cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["domain"]
            if secure:
                right = right and bool(cookie["secure"]) and name.startswith("__Host-")
            told = [flag for flag in ("secure", "httponly") if cookie[flag]] + [f"SameSite={cookie['samesite']}"]
            yield good_if(right, _("Cookie %(name)s") % {"name": name}, ", ".join(told))


def _caching(answer: Heard) -> str:
    return answer.one("cache-control") or _("no Cache-Control")


def _cookies(answer: Heard) -> str:
    return _("%(number)s cookies") % {"number": len(answer.all("set-cookie"))}


def _same(first: Heard, second: Heard) -> bool:
    def told(answer: Heard) -> object:
        return answer.status, [pair for pair in answer.pairs if pair[0] != "date"], answer.body

    return first.status == 404 and told(first) == told(second)

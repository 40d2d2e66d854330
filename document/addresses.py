"""Addresses of sources: the text directive kept apart, percent-encoding as it came (S0-7).

A text directive (``#:~:text=…``, WICG Scroll To Text Fragment) leads to words on a page; without it the address
names the page. Nothing here decodes or encodes: what was pasted is what readers get.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from document.characters import unseen

DIRECTIVE = ":~:"
#: Longer ones are no addresses that people cite.
LONGEST = 1_000
_ESCAPE = re.compile("%[0-9a-fA-F]{2}")


def split_directive(url: str) -> tuple[str, str]:
    """``(address, text directive)``; percent-encoding is left exactly as it came."""
    address, mark, fragment = url.partition("#")
    if DIRECTIVE not in fragment:
        return url, ""
    plain, _mark, directive = fragment.partition(DIRECTIVE)
    return address + (mark + plain if plain else ""), directive


def join_directive(url: str, directive: str) -> str:
    """The whole address again."""
    if not url or not directive:
        return url
    return f"{url}{'' if '#' in url else '#'}{DIRECTIVE}{directive}"


def is_web(url: str) -> bool:
    """Whether it is an address of the web that may become a link."""
    if len(url) > LONGEST or re.search(r"[\s\x00-\x20<>\"]", url) or unseen(url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def sameness(url: str) -> str:
    """Equal for addresses of one page: scheme, letter case of the host, last slash and directive do not count."""
    address, _directive = split_directive(url.strip())
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return address
    place = f"{host}:{port}" if port not in (None, 80, 443) else host
    rest = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return place + _ESCAPE.sub(lambda found: found.group().upper(), rest + fragment)


def doi(text: str) -> str:
    """A DOI without its resolver, in small letters (they do not count); empty when it is none."""
    found = re.fullmatch(r"\s*(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+?)\s*", text, re.IGNORECASE)
    return found.group(1).lower() if found else ""

"""Everything that one person can reach: by links, by forms that only ask, and at every address of the table."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.client import Answer, Client
from bench.scene.links import Page

#: Pages for one person: more than there are, so that a circle of links ends.
MOST = 600
#: Parts of addresses that only order or page the same list.
ALIKE = 3
SKIPPED = ("/static/", "/account/logout/")


@dataclass(frozen=True)
class Reached:
    path: str
    answer: Answer


def everything(client: Client, starts: Iterable[str]) -> list[Reached]:
    """Breadth first, each address once, and at most three queries of one path."""
    waiting = deque(dict.fromkeys(starts))
    known = set(waiting)
    asked: dict[str, int] = {}
    found: list[Reached] = []
    while waiting and len(found) < MOST:
        path = waiting.popleft()
        bare = urlsplit(path).path
        asked[bare] = asked.get(bare, 0) + 1
        if asked[bare] > ALIKE or path.startswith(SKIPPED):
            continue
        answer = client.get(path)
        found.append(Reached(path, answer))
        for each in _onward(path, answer):
            if each not in known:
                known.add(each)
                waiting.append(each)
    return found


def _onward(path: str, answer: Answer) -> list[str]:
    location = answer.headers.get("location", "")
    if location.startswith("/"):
        return [location]
    if "html" not in answer.headers.get("content-type", ""):
        return []
    page = Page(path, answer.text)
    return [*page.links, *page.asked()]

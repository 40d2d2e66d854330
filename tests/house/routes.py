"""Every route of the product, its address in a cast's scene, and what its door may answer to whom.

For the sweep of the suite, and for the programs that knock at the doors of a running installation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import Cast
from tests.house.doors import DOORS, EVERYONE, PART, VALUES, Door

#: What a person who may gets: the page, a redirect, or a sentence about the request itself.
THROUGH = {200, 201, 204, 302, 303, 400, 409, 410, 413, 415, 422, 503}


def walk(resolver: URLResolver, namespace: str = "", path: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """(full name, path pattern, route) of every address but the administration's, which has its own test."""
    for each in resolver.url_patterns:
        here = path + str(each.pattern)
        if isinstance(each, URLResolver):
            if each.namespace != "admin":
                inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
                yield from walk(each, inner, here)
        else:
            yield f"{namespace}{each.name}", here, each


ROUTES = {name: (path, route) for name, path, route in walk(get_resolver())}
SWEPT = sorted(set(ROUTES) & set(DOORS))


def parameters(name: str) -> list[str]:
    return re.findall(r"<(?:\w+:)?(\w+)>", ROUTES[name][0])


def address(name: str, cast: Cast, **other: Any) -> str:
    door = DOORS[name]
    if door.before:
        door.before(cast)
    wanted = {each: {**VALUES, **door.values}[each](cast) for each in parameters(name) if each not in other}
    found = reverse(name, kwargs={**wanted, **other})
    # The live stream names its brief in the query.
    return f"{found}?brief={cast.brief.pk}" if name == "live" else found


def right(door: Door, person: str, allowed: bool, method: str, status: int) -> bool:
    """Whether this status is what the door may answer to this person of the cast."""
    if status >= 500 and not (status == 503 and door.because):
        return False
    if door.because:
        return True
    if allowed:
        return status in THROUGH
    if person in door.get and method == "POST" and status in {200, 302, 422}:
        # The page they may see, with the sentence; that nothing changed is asked beside this.
        return True
    known = (door.get | door.post | door.knows | PART) if door.get != EVERYONE else EVERYONE
    return status in ({400, 403, 404, 405, 422} if person in known else {404, 405})

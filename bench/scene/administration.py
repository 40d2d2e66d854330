"""The administration's addresses: for administrators alone, and for nobody else there at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from bench.scene.doors import NOBODY, SAFE, UNSAFE, Knock
from tests.cast import Cast
from tests.house.doors import Door, who

DOOR = Door(get=who("admin"), post=who("admin"))


def routes() -> list[tuple[str, str]]:
    """(name, pattern) of each, the catch-all included."""
    top = next(each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "admin")
    assert isinstance(top, URLResolver)
    return [(f"admin:{each.name or path}", path) for path, each in _walk(top)]


def _walk(resolver: URLResolver, path: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        here = path + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, here)
        else:
            yield here, each


def knocks(cast: Cast) -> Iterator[Knock]:
    """Looking by everybody; changing by everybody but administrators, for whom Django's own tests stand."""
    for name, pattern in routes():
        path = _address(name, pattern, cast)
        for person in (NOBODY, *cast.people):
            for method in (*SAFE, *UNSAFE):
                if method in SAFE or person != "admin":
                    yield Knock(name, person, method, path, "own", DOOR, _right)


def _right(knock: Knock, status: int) -> bool:
    return status < 500 if knock.person == "admin" else status == 404


def _address(name: str, pattern: str, cast: Cast) -> str:
    """An address that fits: of a record of the cast where it takes one."""
    label = name.removeprefix("admin:").partition("_")[0]
    values = {"object_id": cast.lead.pk, "app_label": label, "content_type_id": 1, "url": "nothing/"}
    wanted = {each: values.get(each, "1") for each in re.findall(r"<(?:\w+:)?(\w+)>", pattern)}
    wanted.update({"app_label": "accounts"} if "app_label" in wanted else {})
    try:
        return reverse(name, kwargs=wanted)
    except NoReverseMatch:
        return f"{reverse('admin:index')}nothing/"

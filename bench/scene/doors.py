"""Knocks at the product's doors: who asks for what, how, and which answers are right (tests/house/doors.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.cast import Cast
from tests.house.doors import DOORS, Door
from tests.house.routes import ROUTES, address, parameters, right

SAFE = ("GET", "HEAD", "OPTIONS")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
NOBODY = "anonymous"
SIGN_IN = "/account/login/"
#: Parameters that name a record of a brief; the others are words, numbers within a parent, or secrets.
PARENTS = ("brief", "round", "release")
CHILDREN = ("section", "role", "objective", "thread", "figure", "draft", "invitation", "question")


@dataclass(frozen=True)
class Knock:
    """One request and the answers that are right. ``acts``: the person may, so it is done last and not judged."""

    name: str
    person: str
    method: str
    path: str
    scene: str
    door: Door
    rule: Callable[[Knock, int], bool]
    data: Any = None
    acts: bool = False

    def __str__(self) -> str:
        return f"{self.name} ({self.scene}) {self.person} {self.method} {self.path}"

    @property
    def safe(self) -> bool:
        return self.method in SAFE

    @property
    def own(self) -> bool:
        return self.scene == "own"

    @property
    def may_fail(self) -> bool:
        """The health page says by 503 which part is down."""
        return self.name == "health"

    @property
    def unsteady(self) -> bool:
        """Answers that depend on what was asked before: rate limits of the entrance, streams."""
        return "login" in self.path or self.name == "live"

    def right(self, status: int, location: str, size: int) -> bool:
        if self.person == NOBODY and not self.door.public:
            return (status, location) == (302, SIGN_IN)
        if self.method == "OPTIONS" and status == 200 and size == 0:
            return True  # a library's list of methods tells nothing of the record
        return self.rule(self, status)


def own(cast: Cast) -> Iterator[Knock]:
    """Every route with the ids of the brief on which the cast works."""
    for name in sorted(ROUTES.keys() & DOORS.keys()):
        door, path = DOORS[name], address(name, cast)
        for person in (NOBODY, *cast.people):
            for method in (*SAFE, *UNSAFE):
                data = door.data if method == "POST" else None
                acts = method in UNSAFE and _may_act(door, person, method)
                yield Knock(name, person, method, path, "own", door, _by_the_table, data, acts)


def of_another_brief(cast: Cast, other: Cast) -> Iterator[Knock]:
    """Ids of a brief on which nobody of this cast has a part: there is nothing there for anybody."""
    for name in sorted(ROUTES.keys() & DOORS.keys()):
        door = DOORS[name]
        if not set(parameters(name)) & {*PARENTS, *CHILDREN} or door.public:
            continue
        yield from _everybody(cast, name, address(name, other), "another's", _is_not_there)


def mixed(cast: Cast, other: Cast) -> Iterator[Knock]:
    """A parent of one brief with a child of another: both ways with a stranger's, and of one's own two briefs."""
    for name in sorted(ROUTES.keys() & DOORS.keys()):
        named = parameters(name)
        parent = next((each for each in ("brief", "round") if each in named), None)
        if parent is None or not set(named) & {*CHILDREN}:
            continue
        parents = {"own brief's": (cast, cast), "another's": (cast, other)}
        for scene, (children, whose) in parents.items():
            above = whose.elsewhere if whose is cast else whose
            path = address(name, children, **{parent: getattr(above, parent).pk})
            yield from _everybody(cast, name, path, f"child under {scene}", _is_not_theirs)
        path = address(name, other, **{parent: getattr(cast, parent).pk})
        yield from _everybody(cast, name, path, "another's child under own", _is_not_theirs)


def _everybody(cast: Cast, name: str, path: str, scene: str, rule: Callable[[Knock, int], bool]) -> Iterator[Knock]:
    door = DOORS[name]
    for person in (NOBODY, *cast.people):
        for method in (*SAFE, *UNSAFE):
            data = door.data if method == "POST" else None
            yield Knock(name, person, method, path, scene, door, rule, data)


def _may_act(door: Door, person: str, method: str) -> bool:
    """Whether this may change something: then it is no trespass, and is done last."""
    if door.because or door.public:
        return True
    return method == "POST" and person in door.post


def _by_the_table(knock: Knock, status: int) -> bool:
    door, person = knock.door, knock.person
    if person == NOBODY:
        return status < 500
    allowed = person in (door.post if knock.method == "POST" else door.get)
    if knock.method != "POST" and allowed:
        return status < 500
    return right(door, person, allowed, knock.method, status)


def _is_not_there(knock: Knock, status: int) -> bool:
    return status in (404, 405)


def _is_not_theirs(knock: Knock, status: int) -> bool:
    """Who knows the parent may hear that they may not; nobody gets through. 410: a script's section is gone."""
    return status in (403, 404, 405, 410)

"""How a lower page shows a higher thing without importing it.

A floor declares a typed slot; higher apps register providers in ``AppConfig.ready()``; the page
collects. Registration happens once, at start, so a slot is never changed while serving.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise

T = TypeVar("T")


class Slot(Generic[T]):
    """Providers are callables that return a list of ``T``; arguments are the slot's own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._providers: list[Callable[..., list[T]]] = []

    def register(self, provider: Callable[..., list[T]]) -> None:
        if provider not in self._providers:
            self._providers.append(provider)

    def collect(self, *args: Any, **kwargs: Any) -> list[T]:
        return [item for provider in self._providers for item in provider(*args, **kwargs)]


class Registry(Generic[T]):
    """A slot with names: exactly one provider for each."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, T] = {}

    def register(self, key: str, entry: T) -> None:
        known = self._entries.setdefault(key, entry)
        if known is not entry:
            raise ValueError(f"{self.name}: {key} is registered twice")

    def get(self, key: str) -> T:
        return self._entries[key]

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def keys(self) -> list[str]:
        return sorted(self._entries)


@dataclass(frozen=True)
class DeskItem:
    """One thing that waits for a person, or (without ``action``) that happened."""

    title: str | Promise
    url: str
    #: What to do, as a verb: "Answer 4 comments".
    action: str | Promise = ""
    detail: str | Promise = ""
    deadline: datetime | None = None
    zone: str = ""
    kind: str | Promise = ""


@dataclass(frozen=True)
class Panel:
    """A block of a page, rendered on the server from ``template`` with ``context``."""

    title: str | Promise
    template: str
    context: dict[str, Any]
    order: int = 100


@dataclass(frozen=True)
class Link:
    """An entry of a navigation."""

    label: str | Promise
    url: str
    order: int = 100
    current: bool = False


#: (user) → what waits for this person.
desk_items: Slot[DeskItem] = Slot("desk items")
#: (user, brief) → blocks on the brief's own page.
brief_panels: Slot[Panel] = Slot("brief panels")
#: (user, brief) → entries beside Write: review rounds, releases.
brief_links: Slot[Link] = Slot("brief links")
#: (user, section) → blocks in the writing room's side column.
writing_panels: Slot[Panel] = Slot("writing panels")

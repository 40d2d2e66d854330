"""Safe markup from small parts: whatever is not markup already is escaped.

``element("p", "a < b", class_="lead")`` gives ``<p class="lead">a &lt; b</p>``. A trailing
underscore of a name is dropped, other underscores become hyphens; None and False leave an attribute
out, True writes it without a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Union

from document.characters import clean

#: Elements without content or end tag.
VOID = frozenset({"br", "img", "hr", "col"})


class Markup(str):
    """Text that is HTML already. Templates know it by ``__html__``."""

    __slots__ = ()

    def __html__(self) -> Markup:
        return self


Child = Union[str, None, Iterable["Child"]]  # noqa: UP007 - a forward reference needs the older form
Attribute = str | int | bool | None


def text(value: object) -> Markup:
    """Escaped text."""
    return Markup(escape(clean(str(value)), quote=True))


def join(*children: Child) -> Markup:
    """Children one after another, strings escaped."""
    return Markup("".join(_parts(children)))


def _parts(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            yield str(child)
        elif isinstance(child, str):
            yield str(text(child))
        else:
            yield from _parts(child)


def element(tag: str, *children: Child, **attributes: Attribute) -> Markup:
    """One element with its children."""
    opening = f"<{tag}{''.join(_attribute(*pair) for pair in attributes.items())}>"
    if tag in VOID:
        return Markup(opening)
    return Markup(f"{opening}{join(*children)}</{tag}>")


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{text(value)}"'

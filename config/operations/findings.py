"""What the page of operations says, one finding a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import Error as DatabaseFailure
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Finding:
    """``state`` is ``good``, ``hold`` (look at it) or ``risk`` (mend it now); ``said`` what was found."""

    name: Words
    said: Words
    state: str = "good"

    @property
    def label(self) -> Words:
        return {"good": _("in order"), "hold": _("look at this"), "risk": _("mend this")}[self.state]


@dataclass(frozen=True)
class Group:
    title: Words
    findings: list[Finding] = field(default_factory=list)


def good_if(right: bool, name: Words, said: Words, otherwise: str = "risk") -> Finding:
    return Finding(name, said, "good" if right else otherwise)


def group(title: Words, find: Callable[[], Iterable[Finding]]) -> Group:
    """What cannot be asked now is a finding too; the rest of the page is shown."""
    try:
        return Group(title, list(find()))
    except (DatabaseFailure, OSError) as error:
        return Group(title, [Finding(_("Could not be asked"), type(error).__name__, "risk")])

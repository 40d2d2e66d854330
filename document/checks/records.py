"""The brief's records as the checks need them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Term:
    avoid: tuple[str, ...]
    prefer: str
    reason: str
    id: str = ""


@dataclass(frozen=True)
class Acronym:
    short: str
    long: str
    common: bool = False


@dataclass(frozen=True)
class Quote:
    """``attribution`` and ``consent`` are those of the brief's quotations (named, capacity, …; given, asked, …)."""

    id: str
    words: str
    speaker: str
    attribution: str = "named"
    consent: str = "asked"
    verified: bool = False


@dataclass(frozen=True)
class Claim:
    """One row of the register. ``source`` is a source's key, ``superseded_by`` and ``part_of`` are ids."""

    id: str
    statement: str
    value: Decimal | None = None
    value_to: Decimal | None = None
    unit: str = ""
    currency: str = ""
    indicator: str = ""
    year: int | None = None
    place: str = ""
    source: str = ""
    locator: str = ""
    grade: str = ""
    causal: bool = False
    stale_after: date | None = None
    superseded_by: str = ""
    part_of: str = ""


@dataclass(frozen=True)
class Whole:
    """A whole whose parts must add up to it, give or take ``tolerance``."""

    id: str
    name: str
    whole: Decimal
    unit: str = ""
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True)
class Contradiction:
    claim: str
    other: str
    resolved: bool = False


@dataclass(frozen=True)
class Records:
    """Everything the checks hold a text against."""

    language: str = "en"
    acronyms: tuple[Acronym, ...] = ()
    terms: tuple[Term, ...] = ()
    quotes: tuple[Quote, ...] = ()

    @property
    def listed(self) -> dict[str, str]:
        """Short form → long form."""
        return {each.short: each.long for each in self.acronyms}

    @property
    def stamp(self) -> str:
        """Which records these are: SHA-256, hexadecimal."""
        return hashlib.sha256(json.dumps([RULES, asdict(self)], sort_keys=True, default=str).encode()).hexdigest()


#: Raised when the checks find otherwise than before: what was kept is then read anew.
RULES = 3


@dataclass(frozen=True)
class Register:
    """The claims with what stands between them."""

    claims: tuple[Claim, ...] = ()
    wholes: tuple[Whole, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is frozen with a version: decimals as plain text, days in ISO 8601."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain))
        return plain

    @staticmethod
    def from_json(data: dict[str, Any]) -> Register:
        return Register(
            claims=tuple(_claim(each) for each in data.get("claims", ())),
            wholes=tuple(
                Whole(**{**each, "whole": Decimal(each["whole"]), "tolerance": Decimal(each["tolerance"])})
                for each in data.get("wholes", ())
            ),
            contradictions=tuple(Contradiction(**each) for each in data.get("contradictions", ())),
        )


def _claim(data: dict[str, Any]) -> Claim:
    numbers = {name: None if data[name] is None else Decimal(data[name]) for name in ("value", "value_to")}
    day = data["stale_after"] and date.fromisoformat(data["stale_after"])
    return Claim(**{**data, **numbers, "stale_after": day or None})


def decimal_text(number: Decimal) -> str:
    """A number without noughts that say nothing: 90, 12.5, 1200000."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def amount(least: Decimal, most: Decimal | None = None, unit: str = "") -> str:
    """A number or a range for people, with its unit: "1,200 people", "10–20", "90 %"."""
    ends = [least] if most is None or most == least else [least, most]
    told = "–".join(_grouped(end) for end in ends)
    return f"{told} {unit}" if unit.startswith("%") else f"{told} {unit}".strip()


def _grouped(number: Decimal) -> str:
    whole, point, rest = decimal_text(number).partition(".")
    return f"{int(whole):,}{point}{rest}" if number >= 0 else f"−{_grouped(-number)}"


def _plain(value: object) -> str:
    return decimal_text(value) if isinstance(value, Decimal) else str(value)

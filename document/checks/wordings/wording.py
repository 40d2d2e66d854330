"""What one language must give, so that the checks for harm can be made in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """``details``: kind of detail → how it is told; its kinds are the same in every language."""

    distress: re.Pattern[str]
    person: re.Pattern[str]
    details: Mapping[str, re.Pattern[str]]
    manual: re.Pattern[str]
    #: How an item of a list begins that tells somebody what to do.
    step: re.Pattern[str]

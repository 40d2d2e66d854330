"""Words of each language by which harm to people is noticed. Our own lists, made to be added to."""

from document.checks.wordings.english import ENGLISH
from document.checks.wordings.french import FRENCH
from document.checks.wordings.spanish import SPANISH
from document.checks.wordings.wording import Wording

__all__ = ["WORDINGS", "Wording", "wording_of"]

WORDINGS = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH}


def wording_of(language: str) -> Wording | None:
    """``language`` is a tag such as ``fr-CA``; None where we know no words."""
    return WORDINGS.get(language.lower().partition("-")[0])

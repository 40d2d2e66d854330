"""A brief's language → PostgreSQL's text search configuration: which words are one word, and which none.

Only what PostgreSQL brings itself since version 13: nothing must be installed, neither dictionaries
nor ``unaccent``. Other languages are searched by whole words, accents and all.
"""

from __future__ import annotations

PLAIN = "simple"
CONFIGURATIONS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}


def configuration(language: str) -> str:
    """Of a language tag such as ``en-GB`` (BCP 47): its first part decides."""
    return CONFIGURATIONS.get(language.replace("_", "-").partition("-")[0].lower(), PLAIN)

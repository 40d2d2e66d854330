"""Checks of a text: documents and the brief's records in, findings out.

Pure functions. ``read`` looks at one section and is what costs time; it is kept by (section, version).
``judge`` puts the sections' readings together with the records: what is first in the brief, what the register
says. ``claims.faults`` looks at the register alone.

Findings carry a code and values, not sentences, so that pages can say them in any language; ``SENTENCES`` holds
the English ones, marked for translation.
"""

from document.checks.base import KINDS, SENTENCES, Finding
from document.checks.judging import Located, acronyms_of, judge, short_forms
from document.checks.reading import Reading, distress_in, read, short_forms_in
from document.checks.records import Records

__all__ = [
    "KINDS",
    "SENTENCES",
    "Finding",
    "Located",
    "Reading",
    "Records",
    "acronyms_of",
    "distress_in",
    "judge",
    "read",
    "short_forms",
    "short_forms_in",
]

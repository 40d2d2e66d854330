"""What a finding is, and what it says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from document.characters import shorten


def gettext_noop(text: str) -> str:
    """Mark for translation without translating: this folder knows no Django."""
    return text


#: Kind → code → sentence.
KINDS: dict[str, dict[str, str]] = {
    "numbers": {
        "number": gettext_noop("“%(around)s” has neither a claim nor a source."),
        "table": gettext_noop("The numbers of this table have neither a claim nor a source."),
    },
    "claims": {
        "claim-unknown": gettext_noop("“%(words)s” is marked as a claim that is not in the register."),
        "claim-unmarked": gettext_noop("The claim “%(words)s” stands nowhere in the text."),
        "claim-changed": gettext_noop("The register says %(value)s, which the marked words no longer do."),
        "claim-unsourced": gettext_noop("The claim “%(words)s” has no source."),
        "claim-undated": gettext_noop("The claim “%(words)s” has no reference year."),
        "claim-ungraded": gettext_noop("The claim “%(words)s” has no evidence grade."),
        "claim-stale": gettext_noop("The claim “%(words)s” was good until %(day)s: look for a newer figure."),
        "claim-superseded": gettext_noop("The claim “%(words)s” is superseded by “%(other)s”, and still in the text."),
        "claim-contradicts": gettext_noop(
            "“%(words)s” contradicts “%(other)s”, and nobody has said how it is resolved."
        ),
        "claim-contradicts-outside": gettext_noop(
            "“%(words)s” contradicts “%(other)s”, which is in the register and not in the text; nobody has said how "
            "it is resolved."
        ),
        "claim-causal": gettext_noop("“%(words)s” says that one thing causes another; its evidence is %(grade)s."),
        "claim-sum": gettext_noop("The parts of “%(words)s” add up to %(sum)s, not to %(whole)s."),
    },
    "acronyms": {
        "acronym": gettext_noop("“%(short)s” is not written out where it is first used."),
        "acronym-other": gettext_noop("“%(short)s” is written out as “%(long)s”; the list says “%(listed)s”."),
    },
    "terms": {
        "term": gettext_noop("Write “%(prefer)s” instead of “%(words)s”: %(reason)s"),
    },
    "glossary": {
        "definition-box": gettext_noop("This definition cites no source."),
        "definition-source": gettext_noop("The definition of “%(words)s” in the glossary has no source."),
    },
    "quotations": {
        "quote": gettext_noop("This quotation has neither a source nor a speaker."),
        "quote-consent": gettext_noop("%(speaker)s has not agreed to be quoted."),
        "quote-refused": gettext_noop("%(speaker)s does not want to be quoted, or only as background."),
        "quote-unverified": gettext_noop("Nobody has checked these words of %(speaker)s against what was said."),
        "quote-altered": gettext_noop("These are not quite the words of %(speaker)s as they are kept."),
        "quote-named": gettext_noop("%(speaker)s is named, but agreed to less."),
    },
    "sensitivity": {
        "notice": gettext_noop("“%(words)s”: this section has distressing detail and no content notice."),
        "personal": gettext_noop("“%(words)s” looks like somebody's own address, number or place."),
        "jigsaw": gettext_noop("Put together, these details could make a person known: %(details)s."),
        "manual": gettext_noop("Does this read as a manual? “%(words)s”"),
    },
}
SENTENCES = {code: sentence for codes in KINDS.values() for code, sentence in codes.items()}
_KIND = {code: kind for kind, codes in KINDS.items() for code in codes}


@dataclass(frozen=True)
class Finding:
    """``start`` and ``end`` are offsets (UTF-16) in the plain text of ``block``; all empty without a place.

    ``subject`` is the id of a record, when it is about one.
    """

    code: str
    words: str = ""
    section: str = ""
    block: str = ""
    start: int = 0
    end: int = 0
    subject: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    #: The how many-th of its like in its block.
    nth: int = 0

    @property
    def kind(self) -> str:
        return _KIND[self.code]

    @property
    def mark(self) -> str:
        """What it is about, the same when text around it changes: SHA-256, hexadecimal."""
        about = (self.code, self.subject or self.block, self.words, str(self.nth))
        return hashlib.sha256("\x1f".join(about).encode("utf-8", "surrogatepass")).hexdigest()

    def sentence(self, template: str = "") -> str:
        """In English, or by a translated ``template``."""
        told = {"words": shorten(self.words), "around": self.words, **self.values}
        if "other" in told:
            told["other"] = shorten(told["other"])
        return (template or SENTENCES[self.code]) % told

    def to_json(self) -> dict[str, Any]:
        kept = {name: getattr(self, name) for name in ("code", "words", "block", "start", "end", "subject", "nth")}
        return {name: value for name, value in kept.items() if value} | ({"values": self.values} if self.values else {})

    @staticmethod
    def from_json(data: dict[str, Any], section: str = "") -> Finding:
        return Finding(**data, section=section)

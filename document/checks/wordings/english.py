"""How distress, a person and their details, and instructions are told in English."""

import re

from document.checks.wordings.wording import Wording

_DISTRESS = re.compile(
    r"\b(?:rap(?:e|ed|es|ing)|gang-rap\w+|tortur\w+|sexual(?:ly)? (?:abus|assault|violen)\w+|child sexual\w*"
    r"|suicid\w+|self-harm\w*|mutilat\w+|behead\w+|stillb\w+|beaten|electrocut\w+|strangl\w+|starv(?:ed|ing))\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:a|an|the|one|this|her|his|young(?:er)?|\d{1,2}-year-old)\s+(?:[a-z\-]+\s+|[A-Z][a-z]+\s+){0,2}"
    r"(?:woman|man|girl|boy|victim|survivor|migrant|worker|teenager|child|mother|father|student|recruit|trainee|graduate"
    r"|refugee|national|citizen|villager|applicant)\b"
    r"|\b(?:she|he)\b",
    re.IGNORECASE,
)
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NOUN = "(?:woman|man|girl|boy|national|citizen|victim|survivor|migrant|worker|teenager|student|mother|father|graduate)"
_NEAR = "(?:husband|wife|brother|sister|son|daughter|children|mother|father|uncle|aunt|cousin|boyfriend|girlfriend)"
_TRADE = "(?:nurse|teacher|driver|engineer|student|translator|programmer|farmer|waitress|waiter|cook|seamstress)"
#: Kind of detail → how it is told.
_DETAILS: dict[str, re.Pattern[str]] = {
    "age": re.compile(
        r"\b\d{1,2}[- ]years?[- ]old\b|\baged \d{1,2}\b|\bat the age of \d{1,2}\b"
        r"|\bin (?:her|his) (?:teens|twenties|thirties|forties|fifties)\b"
    ),
    "origin": re.compile(
        rf"\b[A-Z][a-z]+(?:ian|ean|ese|ish|ani|eni|ino|ina|ic|ch|ai|ari|van|yz)\s+{_NOUN}\b"
        r"|\b(?:national|citizen) of [A-Z]\w+|\b(?:born|raised) in\b|\bethnic [A-Z]\w+"
    ),
    "place": re.compile(
        r"\b(?:in|from|near|to|outside) (?:the )?(?:village|town|city|suburb|district|compound|province) of [A-Z]\w+"
        r"|\b(?:from|near|outside) [A-Z][a-z]{2,}"
    ),
    "work": re.compile(
        r"\b(?:worked|working|employed|hired|trained) as an? \w+|\b(?:a|the) former \w+|\bdegree in \w+"
        rf"|\b(?:a|an) {_TRADE}\b"
    ),
    "family": re.compile(
        r"\b(?:mother|father) of (?:one|two|three|four|five|\d)\b|\bpregnant\b|\bwidow(?:ed|er)?\b|\borphan\w*\b"
        rf"|\b(?:[Hh]er|[Hh]is) (?:\w+ )?{_NEAR}\b"
    ),
    "date": re.compile(
        rf"\b(?:on|since) (?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}})?,? ?(?:\d{{4}})?\b|\bin {_MONTH} \d{{4}}\b"
    ),
    "body": re.compile(
        r"\b(?:scar|tattoo|birthmark|disab\w+|wheelchair|deaf|blind|HIV[- ]positive|diabet\w+)\b", re.IGNORECASE
    ),
    "name": re.compile(r"\b(?:named|called|known as) [A-Z][a-z]+|\b[A-Z]\.\s?[A-Z]\.(?=\s+(?:was|had|is|told|said))"),
}
_MANUAL = re.compile(
    r"\bhow to (?:create|forge|fake|evade|bypass|recruit|launder|lure|deceive|hide|disguise|spoof|clone|groom)\b"
    r"|\b(?:without being|to avoid being|to escape|to avoid|to evade)"
    r" (?:detect\w+|caught|traced|identified|verification|moderation)\b"
    r"|\bstep-by-step\b"
    r"|\b(?:bypass|circumvent|defeat)(?:es|ing)? (?:the )?"
    r"(?:verification|moderation|filters?|age checks?|identity checks?|controls?)\b"
    r"|\b(?:use|using|buy|buying|rent|renting) (?:a |an )?"
    r"(?:burner|mule account|stolen identit\w+|bulletproof host\w*|sim farm)\b",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^\s*(?:create|open|buy|register|download|install|use|choose|contact|send|ask|offer|transfer|post|set up"
    r"|upload|delete|generate)\b",
    re.IGNORECASE,
)

ENGLISH = Wording(distress=_DISTRESS, person=_PERSON, details=_DETAILS, manual=_MANUAL, step=_STEP)

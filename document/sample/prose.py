"""Sentences in our own words about the matter of a brief: technology and trafficking in persons.

A small grammar: patterns with slots, filled by a seeded random source. The sentences make sense one
by one and vary enough to be read, searched, quoted and compared; they state no facts.
"""

from __future__ import annotations

import re
from random import Random

SLOTS: dict[str, tuple[str, ...]] = {
    "actor": (
        "recruiters who work for criminal groups", "labour inspectors", "consular staff", "platform moderators",
        "survivor-led organisations", "prosecutors in smaller jurisdictions", "financial intelligence units",
        "border officers", "national rapporteurs", "employers at the end of long supply chains",
        "community interpreters", "hotline counsellors", "cybercrime units", "municipal shelters",
    ),
    "tool": (
        "generated job advertisements", "synthetic voices", "automatic translation", "cloned company websites",
        "messaging channels that delete themselves", "image search across open sources",
        "payment screening by pattern", "chat assistants in several languages", "location data from old telephones",
        "shared registers of licensed agencies", "classifiers trained on past cases", "forged identity documents",
    ),
    "harm": (
        "debt that grows with every month", "threats against relatives at home", "the loss of identity papers",
        "isolation from anyone who speaks the same language", "work under guard in closed compounds",
        "the trade in personal images", "fraud that victims are made to commit",
        "punishment for acts done under duress",
        "the silence of people who fear deportation", "false promises of a contract",
    ),
    "good": (
        "earlier identification", "a record that holds in court", "safer ways to ask for help",
        "fewer interviews for each survivor", "faster requests between States", "better use of scarce interpreters",
        "clear duties for every service provider", "evidence that belongs to the person concerned",
        "training that follows real cases", "a common vocabulary", "remedies that reach families",
    ),
    "place": (
        "in border towns", "along the ferry routes", "in free zones", "on farms during the harvest",
        "in the fishing ports", "around large building sites", "in private households",
        "on classified-advertisement sites",
        "in closed chat groups", "within scam compounds", "in transit hotels", "at fairs for seasonal work",
    ),
    "body": (
        "the two organisations", "participating States", "a standing group of national contacts",
        "the parliamentary committee", "a regional help desk", "the inspectorate", "the data protection authority",
        "the conference of prosecutors", "an independent evaluator", "the association of platforms",
    ),
    "measure": (
        "a duty to keep advertisements for two years", "a shared list of withdrawn licences",
        "a fund for interpretation", "a test before any tool is bought", "a right to have false images removed",
        "a joint training week", "an annual review by survivors", "a protocol for urgent requests",
        "a non-punishment rule in the criminal code", "a single form for referrals", "an audit of automated decisions",
    ),
    "time": (
        "over the past two seasons", "since the first pilots", "in most of the interviews", "within a few weeks",
        "during the period under review", "before any formal complaint", "at the stage of recruitment",
        "long after the journey has ended", "in the first days of contact", "year after year",
    ),
    "source": (
        "Interviews held for this sample", "The working group's own notes", "Replies to the questionnaire",
        "Field visits", "The hearings", "Case files opened for study", "A comparison of national plans",
        "Discussions with service providers", "Testimony gathered with consent",
    ),
    "quality": (
        "uneven", "promising but fragile", "better documented than before", "still largely invisible",
        "hard to measure", "shaped by local habits", "cheaper than it was", "open to abuse", "within reach",
    ),
}  # fmt: skip
PATTERNS = (
    "{source} suggest that {actor} meet {tool} {time}, mostly {place}.",
    "{time_}, {tool} have made {harm} easier to arrange and harder to see.",
    "Where {body} agreed on {measure}, {actor} reported {good}.",
    "None of this replaces people: {actor} still decide whether {tool} lead to {good} or to {harm}.",
    "The practice {place} remains {quality}, and {body} should not rely on {tool} alone.",
    "{body_} could begin with {measure}, because it costs little and brings {good}.",
    "When {tool} are used without care, {harm} may follow, and {actor} are left without an answer.",
    "It is worth asking who pays for {measure}, who keeps the records, and who may see them.",
    "{actor_} described {harm} {place}; {time} they had asked in vain for {measure}.",
    "A modest step, such as {measure}, would give {actor} {good}.",
    "Evidence on {tool} is {quality}; {source_} point in different directions.",
    "What helps {place} may fail elsewhere, so {body} should test {measure} before making it general.",
    "Those who design {tool} seldom hear from {actor}, although both would gain from {good}.",
    "Neither {tool} nor {measure} can end {harm} unless {body} also look at demand.",
    "{source} contain repeated accounts of {harm}, which {actor} connect with {tool}.",
    "If {body} publish what they learn, {actor} can prepare for {tool} before {harm} sets in.",
    "The costs fall on {actor}, the savings on others; {measure} would share them more fairly.",
    "Seen from the side of those concerned, {good} matters more than {tool}.",
)
HEADINGS = (
    "The state of practice", "Recruitment", "Journeys and documents", "Control and isolation", "Money and its traces",
    "Identification", "Protection and remedy", "Evidence", "Duties of platforms", "Public procurement",
    "Interpretation",
    "Working with survivors", "Data protection", "Training", "Cross-border requests", "Prevention", "Measuring results",
    "Labour inspection", "Consular help", "Research gaps", "Costs", "Oversight", "Children", "Private households",
)  # fmt: skip
CHAPTERS = (
    "Introduction",
    "Terms and their limits",
    "Risks and opportunities along the stages of the crime, and the adequacy of present arrangements",
    "Towards shared duties of States, companies and civil society",
)
BOXES = (
    "Terms as different institutions define them",
    "A case from a ferry port",
    "Risks of automated screening",
)


class Writer:
    """Fills patterns; the same seed writes the same text."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - prose, not secrets
        self._recent: list[str] = []

    def pick(self, slot: str) -> str:
        return self.random.choice(SLOTS[slot])

    def sentence(self) -> str:
        """One sentence; a pattern is not used again while it is among the last six."""
        pattern = self.random.choice([each for each in PATTERNS if each not in self._recent])
        self._recent = [*self._recent, pattern][-6:]
        text = re.sub(r"\{(\w+?)(_?)\}", lambda match: self._filled(match[1], match[2]), pattern)
        return text[0].upper() + text[1:]

    def _filled(self, slot: str, capital: str) -> str:
        words = self.pick(slot)
        if slot == "source" and capital:
            return words[0].lower() + words[1:]
        return words[0].upper() + words[1:] if capital else words

    def paragraph(self, sentences: int = 0) -> str:
        return " ".join(self.sentence() for _ in range(sentences or self.random.randint(3, 6)))

    def item(self) -> str:
        """A list item's words."""
        first, second = self.random.choice((("measure", "good"), ("tool", "harm"), ("good", "actor")))
        return f"{self.pick(first)}, with regard to {self.pick(second)}".capitalize()

    def note(self) -> str:
        """A footnote: says of itself that it is made."""
        return f"{self.pick('source')}, {self.pick('time')}; see also the notes on {self.pick('tool')}."

    def heading(self, used: set[str]) -> str:
        free = [each for each in HEADINGS if each not in used] or list(HEADINGS)
        chosen = self.random.choice(free)
        used.add(chosen)
        return chosen

"""The states of a brief, of a section and of an anchor."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.transitions import Machine, table


class BriefState(models.TextChoices):
    DRAFTING = "drafting", _("being drafted")
    CLEARANCE = "clearance", _("in clearance")
    PUBLISHED = "published", _("published")


#: While a candidate is in clearance the brief is closed to edits (DECISIONS, Hashes).
BRIEF = Machine(
    name="brief",
    states=BriefState,
    initial=BriefState.DRAFTING,
    transitions=table(
        ("close", BriefState.DRAFTING, BriefState.CLEARANCE, "the editor, by building a candidate"),
        ("reopen", BriefState.CLEARANCE, BriefState.DRAFTING, "the editor, voiding every sign-off"),
        ("publish", BriefState.CLEARANCE, BriefState.PUBLISHED, "the machine, at the embargo's end"),
        ("revise", BriefState.PUBLISHED, BriefState.DRAFTING, "the lead author, for a new edition"),
    ),
    owners={
        BriefState.DRAFTING: "the authors",
        BriefState.CLEARANCE: "the approvers",
        BriefState.PUBLISHED: "the editor",
    },
)


class SectionState(models.TextChoices):
    EMPTY = "empty", _("not begun")
    DRAFT = "draft", _("in draft")
    READY = "ready", _("ready for review")


SECTION = Machine(
    name="section",
    states=SectionState,
    initial=SectionState.EMPTY,
    transitions=table(
        ("begin", SectionState.EMPTY, SectionState.DRAFT, "an author, by writing"),
        ("finish", (SectionState.EMPTY, SectionState.DRAFT), SectionState.READY, "an author"),
        ("resume", SectionState.READY, SectionState.DRAFT, "an author"),
    ),
    owners={
        SectionState.EMPTY: "the assignee",
        SectionState.DRAFT: "the assignee",
        SectionState.READY: "the review editor",
    },
)


class SectionKind(models.TextChoices):
    """The concept note is written like a section and is none: no version, review or release ever holds it."""

    SECTION = "section", _("section")
    CONCEPT_NOTE = "concept_note", _("concept note")


class ImportState(models.TextChoices):
    READING = "reading", _("being read")
    PROPOSED = "proposed", _("waiting for you")
    TAKEN = "taken", _("imported")
    REFUSED = "refused", _("could not be read")
    DISCARDED = "discarded", _("put away")


IMPORT = Machine(
    name="import",
    states=ImportState,
    initial=ImportState.READING,
    transitions=table(
        ("propose", ImportState.READING, ImportState.PROPOSED, "the machine, when the file is read"),
        ("refuse", ImportState.READING, ImportState.REFUSED, "the machine, with a sentence"),
        ("take", ImportState.PROPOSED, ImportState.TAKEN, "an author, having seen the outline"),
        ("discard", (ImportState.READING, ImportState.PROPOSED), ImportState.DISCARDED, "an author"),
    ),
    owners={
        ImportState.READING: "the machine",
        ImportState.PROPOSED: "the author who uploaded it",
        ImportState.TAKEN: "the authors",
        ImportState.REFUSED: "the author who uploaded it",
        ImportState.DISCARDED: "nobody",
    },
)


class ExportState(models.TextChoices):
    MAKING = "making", _("being written")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be written")


EXPORT = Machine(
    name="export",
    states=ExportState,
    initial=ExportState.MAKING,
    transitions=table(
        ("finish", ExportState.MAKING, ExportState.READY, "the machine, when the file is written"),
        ("refuse", ExportState.MAKING, ExportState.FAILED, "the machine, with a sentence"),
    ),
    owners={
        ExportState.MAKING: "the machine",
        ExportState.READY: "the author who asked for it",
        ExportState.FAILED: "the author who asked for it",
    },
)


class OrderDraft(models.TextChoices):
    ZERO = "zero", _("zero-order draft")
    FIRST = "first", _("first-order draft")
    SECOND = "second", _("second-order draft")
    FINAL = "final", _("final draft")


class Right(models.TextChoices):
    """What an author may do with the text of one section."""

    EDIT = "edit", _("edit")
    SUGGEST = "suggest", _("suggest only")
    READ = "read", _("read only")


class Decision(models.TextChoices):
    """What became of a suggestion."""

    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class AnchorState(models.TextChoices):
    """How today's text answers to a comment made on an earlier one (DECISIONS, Anchors)."""

    EXACT = "exact", _("unchanged")
    MOVED = "moved", _("moved")
    REFOUND = "refound", _("found again elsewhere")
    DELETED = "deleted", _("deleted")


class Circle(models.TextChoices):
    """Whose conversation a thread is (DECISIONS, Threads)."""

    AUTHORS = "authors", _("authors")
    ROUND = "round", _("review round")


class RoleName(models.TextChoices):
    LEAD_AUTHOR = "lead_author", _("lead author")
    AUTHOR = "author", _("contributing author")
    REVIEW_EDITOR = "review_editor", _("review editor")
    APPROVER = "approver", _("approver")
    TRANSLATOR = "translator", _("translator")
    OBSERVER = "observer", _("observer")
    PRESS_OFFICER = "press_officer", _("press officer")
    SAFEGUARDING = "safeguarding", _("safeguarding focal point")


class Stake(models.TextChoices):
    """What somebody is to a brief (S0-6, S3-6)."""

    AUDIENCE = "audience", _("to be reached")
    ADDRESSEE = "addressee", _("asked to act")
    AFFECTED = "affected", _("affected")
    PARTNER = "partner", _("working with us")


class Reliability(models.TextChoices):
    """How far a source can be relied on (S4-2). Empty: not judged yet."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class Distance(models.TextChoices):
    """Whether a source says what it saw, or what another said. The first is preferred (S4-2)."""

    PRIMARY = "primary", _("primary source")
    SECONDARY = "secondary", _("secondary source")


class Grade(models.TextChoices):
    """How well a claim is borne out (S2-5), best first."""

    STRONG = "strong", _("strong: official statistics, systematic review")
    MODERATE = "moderate", _("moderate: one sound study, an audited report")
    WEAK = "weak", _("weak: an estimate, a small sample, a press report")
    UNVERIFIED = "unverified", _("unverified: a single statement")


class Attribution(models.TextChoices):
    """How far a speaker may be made known (S2-4), as the speaker agreed."""

    NAMED = "named", _("the speaker by name")
    CAPACITY = "capacity", _("their capacity only, such as “an investigator”")
    ORGANISATION = "organisation", _("their organisation only")
    NONE = "none", _("nobody: background only, not to be quoted")


class Consent(models.TextChoices):
    ASKED = "asked", _("not yet answered")
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")
    PUBLIC = "public", _("not needed: said in public")


class SensitivityQuestion(models.TextChoices):
    """What a section is asked before it leaves the authors (S2-8, S3-4, S0-11)."""

    IDENTIFY = "identify", _("Could a victim or witness be recognised from one detail: a name, a face, a place?")
    JIGSAW = "jigsaw", _("Could somebody be recognised by putting details together, with what is public?")
    CONSENT = "consent", _("Is there a case or quotation whose person has not agreed to its use?")
    ACCUSED = "accused", _("Is a person or company accused without having been heard?")
    MANUAL = "manual", _("Does it read as a manual: would it help an offender more than a reader?")
    METHODS = "methods", _("Does it give away methods of investigation, or sources that are not public?")
    DISTRESS = "distress", _("Is there detail that distresses and is not announced by a content notice?")
    STIGMA = "stigma", _("Does it describe a group in words that the group would not accept?")


class SensitivityAnswer(models.TextChoices):
    NO = "no", _("no")
    DEALT = "dealt", _("yes, and dealt with")
    OPEN = "open", _("yes, still open")

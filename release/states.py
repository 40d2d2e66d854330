"""The states of a release and of the gates before it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.transitions import Machine, table


class ReleaseState(models.TextChoices):
    BUILDING = "building", _("being built")
    FAILED = "failed", _("not built")
    CLEARANCE = "clearance", _("in clearance")
    CLEARED = "cleared", _("cleared")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    VOID = "void", _("reopened")


#: While a release is in one of these, its brief has no second one.
OPEN = (ReleaseState.BUILDING, ReleaseState.CLEARANCE, ReleaseState.CLEARED, ReleaseState.SCHEDULED)
#: Every organisation has signed; a database trigger holds these to it.
SIGNED = (ReleaseState.CLEARED, ReleaseState.SCHEDULED, ReleaseState.PUBLISHED)

RELEASE = Machine(
    name="release",
    states=ReleaseState,
    initial=ReleaseState.BUILDING,
    transitions=table(
        ("complete", ReleaseState.BUILDING, ReleaseState.CLEARANCE, "the machine, when all artefacts are built"),
        ("fail", ReleaseState.BUILDING, ReleaseState.FAILED, "the machine, when they cannot be"),
        ("clear", ReleaseState.CLEARANCE, ReleaseState.CLEARED, "the last approver, by signing"),
        (
            "recall",
            (ReleaseState.CLEARED, ReleaseState.SCHEDULED),
            ReleaseState.CLEARANCE,
            "an approver who returns it, or a change of gates and waivers",
        ),
        ("schedule", ReleaseState.CLEARED, ReleaseState.SCHEDULED, "the press officer, by setting the embargo"),
        ("publish", ReleaseState.SCHEDULED, ReleaseState.PUBLISHED, "the machine, after the embargo's end"),
        ("withdraw", ReleaseState.PUBLISHED, ReleaseState.WITHDRAWN, "the review editor, with a public reason"),
        ("void", OPEN, ReleaseState.VOID, "the review editor or the lead author, by reopening the brief"),
    ),
    owners={
        ReleaseState.BUILDING: "the machine",
        ReleaseState.FAILED: "the review editor",
        ReleaseState.CLEARANCE: "the approvers",
        ReleaseState.CLEARED: "the press officer",
        ReleaseState.SCHEDULED: "the clock",
        ReleaseState.PUBLISHED: "the public",
        ReleaseState.WITHDRAWN: "nobody",
        ReleaseState.VOID: "nobody",
    },
)


class GateState(models.TextChoices):
    GREEN = "green", _("green")
    BLOCKED = "blocked", _("blocked")


class Decision(models.TextChoices):
    SIGNED = "signed", _("signed")
    RETURNED = "returned", _("returned")


class ArtefactKind(models.TextChoices):
    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word")
    EPUB = "epub", _("EPUB")
    ZIP = "zip", _("everything as ZIP")
    SUMS = "sums", _("checksums")
    PAGE = "page", _("web page")
    FIGURE = "figure", _("figure")
    DATA = "data", _("data")

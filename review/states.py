"""The states of a round, of an invitation and of an answer; the words a review is kept in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.transitions import Machine, Transition, table


class RoundState(models.TextChoices):
    DRAFT = "draft", _("being set up")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


ROUND = Machine(
    name="round",
    states=RoundState,
    initial=RoundState.DRAFT,
    transitions=table(
        ("open", RoundState.DRAFT, RoundState.OPEN, "the review editor"),
        ("close", RoundState.OPEN, RoundState.CLOSED, "the review editor, or the machine at the deadline"),
        ("reopen", RoundState.CLOSED, RoundState.OPEN, "the review editor"),
    ),
    owners={
        RoundState.DRAFT: "the review editor",
        RoundState.OPEN: "the reviewers",
        RoundState.CLOSED: "the authors",
    },
)


class InvitationState(models.TextChoices):
    DRAFT = "draft", _("not sent yet")
    INVITED = "invited", _("invited")
    ACCEPTED = "accepted", _("accepted")
    DECLARED = "declared", _("declared")
    REVIEWING = "reviewing", _("reviewing")
    SUBMITTED = "submitted", _("submitted")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXCLUDED = "excluded", _("excluded")


_I = InvitationState
#: Has said yes and has not finished.
WORKING = frozenset({_I.ACCEPTED, _I.DECLARED, _I.REVIEWING})
#: Has declared: the text may be shown.
READING = frozenset({_I.DECLARED, _I.REVIEWING, _I.SUBMITTED, _I.ACKNOWLEDGED})
#: May write comments.
WRITING = frozenset({_I.DECLARED, _I.REVIEWING})
FINISHED = frozenset({_I.SUBMITTED, _I.ACKNOWLEDGED})
#: Their comments are no part of the round.
APART = frozenset({_I.WITHDRAWN, _I.EXCLUDED})

INVITATION = Machine(
    name="invitation",
    states=InvitationState,
    initial=InvitationState.DRAFT,
    transitions=(
        *table(
            ("send", _I.DRAFT, _I.INVITED, "the review editor"),
            ("resend", (_I.INVITED, _I.EXPIRED), _I.INVITED, "the review editor"),
            ("accept", _I.INVITED, _I.ACCEPTED, "the person invited"),
            ("decline", _I.INVITED, _I.DECLINED, "the person invited"),
            ("expire", _I.INVITED, _I.EXPIRED, "the machine, when the link is seven days old"),
            ("cancel", (_I.DRAFT, _I.INVITED, _I.EXPIRED), _I.CANCELLED, "the review editor"),
            ("declare", _I.ACCEPTED, _I.DECLARED, "the reviewer"),
            ("begin", _I.DECLARED, _I.REVIEWING, "the reviewer, by the first comment, answer or mark"),
            ("submit", (_I.DECLARED, _I.REVIEWING), _I.SUBMITTED, "the reviewer"),
            ("acknowledge", _I.SUBMITTED, _I.ACKNOWLEDGED, "the machine, with the receipt"),
            ("resume", (_I.SUBMITTED, _I.ACKNOWLEDGED), _I.REVIEWING, "the reviewer, to add to the review"),
            ("withdraw", (_I.ACCEPTED, _I.DECLARED, _I.REVIEWING), _I.WITHDRAWN, "the reviewer"),
        ),
        Transition("exclude", WORKING | FINISHED, _I.EXCLUDED, "the review editor", needs_reason=True),
    ),
    owners={
        _I.DRAFT: "the review editor",
        _I.INVITED: "the person invited",
        _I.ACCEPTED: "the reviewer",
        _I.DECLARED: "the reviewer",
        _I.REVIEWING: "the reviewer",
        _I.SUBMITTED: "the machine",
        _I.ACKNOWLEDGED: "the authors",
        _I.DECLINED: "nobody",
        _I.EXPIRED: "the review editor",
        _I.CANCELLED: "nobody",
        _I.WITHDRAWN: "nobody",
        _I.EXCLUDED: "nobody",
    },
)


class DispositionState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    RETURNED = "returned", _("returned to the authors")
    CONFIRMED = "confirmed", _("confirmed")


_D = DispositionState
DISPOSITION = Machine(
    name="disposition",
    states=DispositionState,
    initial=DispositionState.PROPOSED,
    transitions=(
        *table(
            ("propose", (_D.PROPOSED, _D.RETURNED), _D.PROPOSED, "an author"),
            ("confirm", _D.PROPOSED, _D.CONFIRMED, "the review editor, not the one who proposed"),
            ("withdraw", (_D.PROPOSED, _D.RETURNED, _D.CONFIRMED), _D.CONFIRMED, "the reviewer, with the comment"),
        ),
        Transition(
            "return", frozenset({_D.PROPOSED, _D.CONFIRMED}), _D.RETURNED, "the review editor", needs_reason=True
        ),
    ),
    owners={_D.PROPOSED: "the review editor", _D.RETURNED: "the authors", _D.CONFIRMED: "nobody"},
)


class Outcome(models.TextChoices):
    """What became of a comment."""

    ACCEPTED = "accepted", _("accepted")
    MODIFIED = "modified", _("accepted with modification")
    PARTIAL = "partial", _("partially accepted")
    ACCOUNT = "account", _("taken into account")
    NOTED = "noted", _("noted")
    REJECTED = "rejected", _("rejected")
    SCOPE = "scope", _("out of scope")
    DUPLICATE = "duplicate", _("duplicate")
    DEFERRED = "deferred", _("deferred")
    WITHDRAWN = "withdrawn", _("withdrawn by reviewer")


#: Need no response: the first speaks for itself, the last is not the authors' word.
WITHOUT_REASON = frozenset({Outcome.ACCEPTED, Outcome.WITHDRAWN})


class CommentType(models.TextChoices):
    GENERAL = "general", _("general")
    TECHNICAL = "technical", _("technical")
    EDITORIAL = "editorial", _("editorial")


class Severity(models.TextChoices):
    CRITICAL = "critical", _("critical")
    MAJOR = "major", _("major")
    SUBSTANTIVE = "substantive", _("substantive")
    ADMINISTRATIVE = "administrative", _("administrative")


class Capacity(models.TextChoices):
    INDIVIDUAL = "individual", _("as an individual expert")
    SPOKESPERSON = "spokesperson", _("as spokesperson of an organisation")


class AuthorsSee(models.TextChoices):
    CODES = "codes", _("codes only")
    NAMES = "names", _("names")


class PeersSee(models.TextChoices):
    NEVER = "never", _("never")
    AFTER_CLOSE = "after_close", _("after the round closes")
    AT_ONCE = "at_once", _("at once")


class Naming(models.TextChoices):
    """How a reviewer is named in what is published. Ordered from closed to open."""

    NONE = "none", _("not at all")
    SECTOR = "sector", _("by sector and region")
    ORGANISATION = "organisation", _("by organisation")
    NAMED = "named", _("by name")


class AfterPublication(models.TextChoices):
    CLOSED = "closed", _("no comments after publication")
    OPEN = "open", _("the public may comment after publication")


class AnswerValue(models.TextChoices):
    YES = "yes", _("yes")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")
    NO_VIEW = "no_view", _("no view")


class QuestionKind(models.TextChoices):
    SCALE = "scale", _("yes, partly or no, with remarks")
    TEXT = "text", _("in the reviewer's own words")


class UndertakingKind(models.TextChoices):
    INTERESTS = "interests", _("declaration of interests")
    CONFIDENTIALITY = "confidentiality", _("confidentiality undertaking")

"""The gates before a release: one small function each, listed with what they found and where to go."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.refusals import NotNow
from release.gates import claims, publication, review, text
from release.gates.base import Checked, Found, Gate, Spot
from release.models import GateResult, Release
from release.states import GateState

__all__ = ["GATES", "Checked", "Found", "Gate", "Spot", "check_nothing_new", "named", "store"]

_TEXT = gettext_lazy("Readers would meet it in every file: correct the text and build again.")
_FILES = gettext_lazy("A file that breaks a promise is not published: build again.")

GATES: tuple[Gate, ...] = (
    Gate("rounds", gettext_lazy("Every review round is closed"), review.rounds_closed, waivable=True, living=True),
    Gate("threads", gettext_lazy("No thread is open"), review.threads_closed, waivable=True, living=True),
    Gate(
        "dispositions",
        gettext_lazy("Every disposition is confirmed"),
        review.dispositions_confirmed,
        waivable=True,
        living=True,
    ),
    Gate(
        "matters",
        gettext_lazy("No critical or safeguarding matter is open"),
        review.matters_closed,
        firm=gettext_lazy("People could come to harm: it must be dealt with."),
        living=True,
    ),
    Gate("objectives", gettext_lazy("Every objective is covered"), text.objectives_covered, waivable=True, living=True),
    Gate("figures", gettext_lazy("Every figure is described"), text.figures_described, firm=_TEXT),
    Gate("citations", gettext_lazy("Every citation resolves"), text.citations_resolve, firm=_TEXT),
    Gate("links", gettext_lazy("Every web source is archived or has its access date"), text.links_dated, waivable=True),
    Gate("references", gettext_lazy("Every cross-reference resolves"), text.references_resolve, firm=_TEXT),
    Gate("suggestions", gettext_lazy("No suggestion is pending"), text.nothing_suggested, firm=_TEXT),
    Gate(
        "claims", gettext_lazy("Every claim is sourced and not stale"), claims.claims_borne, waivable=True, living=True
    ),
    Gate(
        "acronyms",
        gettext_lazy("Acronyms are written out at first use"),
        claims.acronyms_written_out,
        waivable=True,
        living=True,
    ),
    Gate("notices", gettext_lazy("Content notices are present"), claims.notices_present, waivable=True, living=True),
    Gate("imprint", gettext_lazy("The imprint is complete"), publication.imprint_complete, waivable=True),
    Gate(
        "approvers",
        gettext_lazy("Every organisation has its approver"),
        publication.approvers_named,
        firm=gettext_lazy("Each organisation signs through its own approver, who is no author."),
        living=True,
    ),
    Gate("artefacts", gettext_lazy("Every file is built"), publication.artefacts_whole, firm=_FILES),
    Gate("pdf", gettext_lazy("The PDF is accessible and archivable"), publication.pdf_accessible, firm=_FILES),
    Gate("metadata", gettext_lazy("No file names its authors"), publication.metadata_clean, firm=_FILES),
)
BY_NAME = {gate.name: gate for gate in GATES}


def named(name: str) -> Gate:
    """Raises NotNow for a gate that does not exist."""
    if name not in BY_NAME:
        raise NotNow(_("There is no such gate."), code="gate")
    return BY_NAME[name]


def store(release: Release) -> bool:
    """Run every gate and keep what it found; whether any state is another than before."""
    before = dict(release.gates.values_list("gate", "state"))
    checked = Checked(release)
    for order, gate in enumerate(GATES):
        found = gate.check(checked)
        GateResult.objects.update_or_create(
            release=release,
            gate=gate.name,
            defaults={
                "order": order,
                "state": GateState.BLOCKED if found.problem else GateState.GREEN,
                "detail": found.problem or found.looked_at,
                "spots": [{"label": spot.label, "url": spot.url} for spot in found.spots],
            },
        )
    return before != dict(GateResult.objects.filter(release=release).values_list("gate", "state"))


def check_nothing_new(release: Release) -> None:
    """What can change after the freeze has not: a late comment, a role, an objective.

    Raises NotNow when a living gate is blocked now that was green when the manifest was made.
    """
    stored = dict(release.gates.values_list("gate", "state"))
    checked = Checked(release)
    for gate in GATES:
        if gate.living and stored.get(gate.name) == GateState.GREEN and gate.check(checked).problem:
            raise NotNow(
                _("“%(gate)s” is no longer true. The gates must be checked again before anyone signs.")
                % {"gate": gate.title},
                code="gates",
            )

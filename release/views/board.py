"""What the clearance and launch pages show, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import Organisation
from brief.history.pages import compare_url
from brief.models import Publisher, Role
from brief.states import RoleName
from document import canonical
from ledger import jobs
from ledger.refusals import allowed, why_not
from ledger.states import JobState
from release import gates, permissions, policies
from release.models import Artefact, Release, SignOff, Waiver
from release.states import ArtefactKind, Decision, GateState, ReleaseState

#: Files an approver opens; the rest is inside the ZIP.
SHOWN = (ArtefactKind.PDF, ArtefactKind.DOCX, ArtefactKind.EPUB, ArtefactKind.ZIP, ArtefactKind.SUMS)


@dataclass(frozen=True)
class GateRow:
    """A gate as listed: its word and tone, what was found, where to go, who waived it."""

    name: str
    title: str | Promise
    label: str
    tone: str
    detail: str
    spots: list[dict[str, str]]
    waiver: Waiver | None
    waivable: bool
    firm: str | Promise

    @property
    def told_by_spots(self) -> bool:
        """Whether the links to the spots say all that the detail says."""
        return bool(self.spots) and all(spot["label"] in self.detail for spot in self.spots) and self.tone != "good"


@dataclass(frozen=True)
class Signature:
    """An organisation, its approver, and what it said to this manifest."""

    organisation: Organisation
    approver: str
    given: SignOff | None
    mine: bool

    @property
    def css(self) -> str:
        return self.given.decision if self.given else ""


def clearance(user: Any, release: Release) -> dict[str, Any]:
    """Everything the clearance page needs for one person."""
    brief = release.brief
    signatures = signatures_of(user, release)
    mine = next((each for each in signatures if each.mine), None)
    rows = gate_rows(release)
    can_sign = bool(mine) and allowed(permissions.sign, user, brief)
    return {
        "release": release,
        "brief": brief,
        "gates": rows,
        "blocked": [row for row in rows if row.tone == "risk"],
        "signatures": signatures,
        "mine": mine,
        "history": release.sign_offs.filter(voided_at__isnull=False).select_related("approver", "organisation"),
        "files": files(release),
        "since": since(user, release),
        "words": canonical.words(release.manifest_sha256) if release.manifest_sha256 else "",
        "content_words": canonical.words(release.content_hash),
        "signs": can_sign and release.status == ReleaseState.CLEARANCE and not (mine and _signed(mine)),
        "returns": can_sign and release.status in RETURNABLE and bool(mine) and not (mine and _returned(mine)),
        "why_not_sign": why_not(policies.check_gates, release) if can_sign else "",
        "factor": factor(user, release) if can_sign else None,
        "waives": release.status == ReleaseState.CLEARANCE and allowed(permissions.waive, user, brief),
        "checks": release.status in RETURNABLE and allowed(permissions.check_gates, user, brief),
        "reopens": (release.status in RETURNABLE or stuck(release)) and allowed(permissions.reopen, user, brief),
        "launches": release.status not in (ReleaseState.BUILDING, ReleaseState.FAILED, ReleaseState.VOID),
        "withdraws": release.status == ReleaseState.PUBLISHED and allowed(permissions.withdraw, user, brief),
        "task": progress(release) if release.status == ReleaseState.BUILDING else None,
        "trail": trail(release, _("Clearance")),
    }


@dataclass(frozen=True)
class Since:
    """The redline up to the version in clearance; ``seen``: from the one that this person answered last."""

    number: int
    seen: bool
    url: str


def since(user: Any, release: Release) -> Since | None:
    """What changed since the version that the approver answered last, or else since the version before."""
    number = release.version.number
    answered = SignOff.objects.filter(
        release__brief=release.brief_id, approver=user, release__version__number__lt=number
    )
    last = answered.order_by("-release__version__number").values_list("release__version__number", flat=True).first()
    if last is None and number < 2:
        return None
    old = last or number - 1
    return Since(old, bool(last), compare_url(release.brief_id, old=f"v{old}", new=f"v{number}"))


RETURNABLE = (ReleaseState.CLEARANCE, ReleaseState.CLEARED, ReleaseState.SCHEDULED)


def stuck(release: Release) -> bool:
    """Nobody builds it any more, and it is not built: reopening is the way out."""
    due = release.job is not None and release.job.state == JobState.DUE
    return release.status == ReleaseState.BUILDING and not due


def _signed(mine: Signature) -> bool:
    return mine.css == Decision.SIGNED


def _returned(mine: Signature) -> bool:
    return mine.css == Decision.RETURNED


def trail(release: Release, here: str) -> list[tuple[str, str]]:
    return [
        (release.brief.title, reverse("brief:home", args=[release.brief_id])),
        (_("Releases"), reverse("release:brief", args=[release.brief_id])),
        (f"{_('Edition')} {release.edition}, {here}", ""),
    ]


def gate_rows(release: Release) -> list[GateRow]:
    results = {row.gate: row for row in release.gates.all()}
    waivers = {row.gate: row for row in release.waivers.select_related("by")}
    rows = []
    for gate in gates.GATES:
        if result := results.get(gate.name):
            waiver = waivers.get(gate.name) if result.state == GateState.BLOCKED else None
            label, tone = _("passed"), "good"
            if result.state == GateState.BLOCKED:
                label, tone = (_("waived"), "hold") if waiver else (_("blocked"), "risk")
            rows.append(
                GateRow(
                    gate.name, gate.title, label, tone, result.detail, result.spots, waiver, gate.waivable, gate.firm
                )
            )
    return rows


def signatures_of(user: Any, release: Release) -> list[Signature]:
    live = {
        row.organisation_id: row for row in release.sign_offs.filter(voided_at__isnull=True).select_related("approver")
    }
    roles = Role.objects.filter(brief=release.brief_id, role=RoleName.APPROVER).select_related("user")
    approvers = {row.organisation_id: row.user for row in roles}
    publishers = Publisher.objects.filter(brief=release.brief_id).select_related("organisation")
    return [
        Signature(
            row.organisation,
            str(approvers.get(row.organisation_id) or ""),
            live.get(row.organisation_id),
            bool((person := approvers.get(row.organisation_id)) and person.pk == user.pk),
        )
        for row in publishers
    ]


def files(release: Release) -> list[Artefact]:
    order = {kind: place for place, kind in enumerate(SHOWN)}
    rows = release.artefacts.filter(kind__in=SHOWN)
    return sorted(rows, key=lambda row: order[ArtefactKind(row.kind)])


def factor(user: Any, release: Release) -> dict[str, Any]:
    """What the person can sign with; a passkey's challenge is bound to this manifest."""
    passkey = second_factor.has_passkey(user)
    options = second_factor.begin_assertion(user=user, purpose=release.manifest_sha256) if passkey else None
    return {"any": second_factor.has_one(user), "passkey": passkey, "options": options}


def progress(release: Release) -> dict[str, Any]:
    """For components/progress.html."""
    job = release.job
    told = jobs.progress(job) if job else {"percent": 0, "note": "", "state": "failed"}
    return {
        "title": _("Building the candidate"),
        "id": "candidate",
        "url": reverse("release:progress", args=[release.pk]),
        "sentence": release.sentence or (job.sentence if job else ""),
        **told,
    }

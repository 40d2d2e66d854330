"""The claims register: claims, wholes with their parts, contradictions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from brief.models import Brief, Claim, Contradiction, PartWhole
from brief.permissions import write
from brief.policies import check_open_to_edits
from ledger.actions import Done, action
from ledger.refusals import NotNow


def _may(actor: Any, brief: Brief) -> None:
    write(actor, brief)
    # A claim belongs to the content that approvers sign, so the brief's row decides, now.
    check_open_to_edits(Brief.objects.select_for_update(no_key=True).only("id", "status").get(pk=brief.pk))


def _check_superseding(claim: Claim, newer: Claim | None) -> None:
    """A chain of figures, each replaced by a newer one, has an end."""
    met = {claim.pk}
    while newer is not None:
        if newer.pk in met:
            raise NotNow(_("These claims would supersede one another in a circle."), code="circle")
        met.add(newer.pk)
        newer = newer.superseded_by


def _assign(claim: Claim, fields: dict[str, Any]) -> Claim:
    for name, value in fields.items():
        setattr(claim, name, value)
    for name in ("source", "superseded_by", "part_of"):
        if (other := getattr(claim, name)) is not None and other.brief_id != claim.brief_id:
            raise ValueError(f"{name} is of another brief")
    _check_superseding(claim, claim.superseded_by)
    return claim


@action("claim.registered")
def add_claim(*, actor: Any, brief: Brief, **fields: Any) -> Done:
    """Register a claim. The mark in the text, with the claim's id, is a step of its own."""
    _may(actor, brief)
    claim = _assign(Claim(brief=brief), fields)
    claim.save()
    return Done(subject=claim, scope=brief.pk)


@action("claim.changed")
def edit_claim(*, actor: Any, claim: Claim, **fields: Any) -> Done:
    _may(actor, claim.brief)
    before = {name: getattr(claim, name) for name in fields}
    _assign(claim, fields).save()
    changed = sorted(name for name, value in fields.items() if before[name] != value)
    return Done(subject=claim, scope=claim.brief_id, data={"fields": changed})


@action("claim.removed")
def remove_claim(*, actor: Any, claim: Claim) -> Done:
    """Take a claim out of the register; words that are still marked with it are then found by the checks."""
    brief = claim.brief
    _may(actor, brief)
    identifier = str(claim.pk)
    claim.delete()
    return Done(subject=brief, scope=brief.pk, data={"claim": identifier})


@action("claim.contradiction")
def set_contradiction(*, actor: Any, claim: Claim, other: Claim, resolution: str = "") -> Done:
    """Record that two claims contradict one another, or how that is resolved (S3-1)."""
    _may(actor, claim.brief)
    if other.brief_id != claim.brief_id:
        raise ValueError("the other claim is of another brief")
    if other.pk == claim.pk:
        raise NotNow(_("A claim cannot contradict itself."), code="itself")
    first, second = sorted((claim, other), key=lambda each: each.pk)
    pair, _new = Contradiction.objects.update_or_create(
        claim=first, other=second, defaults={"resolution": resolution.strip()}
    )
    return Done(subject=pair, scope=claim.brief_id, data={"resolved": bool(pair.resolution)})


@action("claim.contradiction_removed")
def remove_contradiction(*, actor: Any, brief: Brief, pair: Contradiction) -> Done:
    _may(actor, brief)
    data = {"claims": [str(pair.claim_id), str(pair.other_id)]}
    pair.delete()
    return Done(subject=brief, scope=brief.pk, data=data)


@action("whole.saved")
def save_whole(*, actor: Any, brief: Brief, kept: PartWhole | None = None, **fields: Any) -> Done:
    """Add a whole whose parts must add up, or change one."""
    _may(actor, brief)
    row = kept or PartWhole(brief=brief)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return Done(subject=row, scope=brief.pk, data={"new": kept is None})


@action("whole.removed")
def remove_whole(*, actor: Any, brief: Brief, whole: PartWhole) -> Done:
    """The claims that were its parts stay."""
    _may(actor, brief)
    data = {"whole": str(whole.pk)}
    whole.delete()
    return Done(subject=brief, scope=brief.pk, data=data)

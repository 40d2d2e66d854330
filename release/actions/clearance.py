"""Clearance: gates, waivers, signatures, returns, reopening. Each holds the release's row."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import Organisation
from brief.models import Publisher, Role
from brief.states import BRIEF, RoleName
from ledger.actions import Done, action
from ledger.refusals import NotAllowed, NotNow
from ledger.transitions import move
from release import emails, gates, manifest, permissions, policies
from release.actions.locks import lock_brief, lock_release, void_sign_offs
from release.models import GateResult, Release, SignOff, Waiver
from release.states import RELEASE, Decision, GateState, ReleaseState


@action("release.signed")
def sign(*, actor: Any, release: Release, manifest_sha256: str, code: str = "", assertion: str = "") -> Done:
    """An organisation permits publishing exactly what this manifest names.

    The second factor is checked, and used up, in the same transaction. The last signature clears.
    """
    locked = lock_release(release.pk)
    permissions.sign(actor, locked.brief)
    policies.check_in_clearance(locked)
    policies.check_same_manifest(locked, manifest_sha256)
    policies.check_gates(locked)
    gates.check_nothing_new(locked)
    organisation = organisation_of(actor, locked)
    if live(locked, organisation, Decision.SIGNED):
        raise NotNow(_("Your organisation has signed already."), code="signed")
    factor = second_factor.verify(user=actor, purpose=manifest_sha256, code=code, assertion=assertion)
    void_sign_offs(locked, because=_("Signed instead."), organisation=organisation)
    given = SignOff.objects.create(
        release=locked,
        organisation=organisation,
        approver=actor,
        manifest_sha256=manifest_sha256,
        decision=Decision.SIGNED,
        factor=factor,
    )
    emails.receipt(given)
    if not missing(locked):
        locked = move(RELEASE, locked, "clear", actor=actor, scope=locked.brief_id)
        emails.cleared(locked)
    return Done(
        subject=locked,
        value=given,
        scope=locked.brief_id,
        data={"manifest_sha256": manifest_sha256, "organisation": str(organisation.pk), "factor": factor},
    )


@action("release.returned")
def return_release(*, actor: Any, release: Release, manifest_sha256: str, reason: str) -> Done:
    """An organisation does not permit it, or takes its permission back, and says why."""
    locked = lock_release(release.pk)
    permissions.sign(actor, locked.brief)
    policies.check_may_reopen(locked)
    policies.check_same_manifest(locked, manifest_sha256)
    if not reason.strip():
        raise NotNow(_("Say why you return it: the authors need the reason."), code="reason")
    organisation = organisation_of(actor, locked)
    void_sign_offs(locked, because=_("Returned instead."), organisation=organisation)
    given = SignOff.objects.create(
        release=locked,
        organisation=organisation,
        approver=actor,
        manifest_sha256=manifest_sha256,
        decision=Decision.RETURNED,
        reason=reason.strip(),
    )
    if locked.status != ReleaseState.CLEARANCE:
        move(RELEASE, locked, "recall", actor=actor, scope=locked.brief_id, reason=reason)
    emails.returned(given)
    return Done(subject=locked, value=given, scope=locked.brief_id, reason=reason)


@action("release.gate_waived")
def waive(*, actor: Any, release: Release, gate: str, reason: str) -> Done:
    """Let one blocked gate pass, with name and reason. The manifest changes; signatures are void."""
    locked = lock_release(release.pk)
    permissions.waive(actor, locked.brief)
    policies.check_in_clearance(locked)
    known = gates.named(gate)
    if not known.waivable:
        raise NotNow(_("This gate cannot be waived: it must be cleared."), code="gate")
    if not reason.strip():
        raise NotNow(_("A waiver carries a reason."), code="reason")
    if Waiver.objects.filter(release=locked, gate=gate).exists():
        raise NotNow(_("This gate is waived already."), code="gate")
    if not GateResult.objects.filter(release=locked, gate=gate, state=GateState.BLOCKED).exists():
        raise NotNow(_("This gate is green: there is nothing to waive."), code="gate")
    voided = void_sign_offs(locked, because=_("A gate was waived."))
    Waiver.objects.create(release=locked, gate=gate, by=actor, reason=reason.strip())
    manifest.rewrite(locked)
    emails.voided(voided, because=_("A gate was waived."))
    return Done(subject=locked, scope=locked.brief_id, reason=reason, data={"gate": gate})


@action("release.gates_checked")
def check_again(*, actor: Any, release: Release) -> Done:
    """Check every gate anew. A different result changes the manifest and voids every signature."""
    locked = lock_release(release.pk)
    permissions.check_gates(actor, locked.brief)
    policies.check_may_reopen(locked)
    if locked.status == ReleaseState.BUILDING:
        raise NotNow(_("The candidate is still being built."), code="state")
    changed = gates.store(locked)
    if changed:
        because = _("The gates were checked again, with another result.")
        voided = void_sign_offs(locked, because=because)
        manifest.rewrite(locked)
        if locked.status != ReleaseState.CLEARANCE:
            locked = move(RELEASE, locked, "recall", actor=actor, scope=locked.brief_id, reason=because)
        emails.voided(voided, because=because)
    return Done(subject=locked, scope=locked.brief_id, data={"changed": changed})


@action("release.reopened")
def reopen(*, actor: Any, release: Release, reason: str) -> Done:
    """Withdraw the candidate, void every signature, and open the brief's text again."""
    # Brief first, as building does: two people never wait for one another.
    brief = lock_brief(release.brief_id)
    locked = lock_release(release.pk)
    permissions.reopen(actor, locked.brief)
    policies.check_may_reopen(locked)
    if not reason.strip():
        raise NotNow(_("Say why: the approvers are told."), code="reason")
    voided = void_sign_offs(locked, because=reason.strip())
    locked = move(
        RELEASE,
        locked,
        "void",
        actor=actor,
        scope=locked.brief_id,
        reason=reason,
        set_fields={"sentence": reason.strip()},
    )
    move(BRIEF, brief, "reopen", actor=actor, scope=brief.pk, reason=reason)
    emails.reopened(locked)
    return Done(subject=locked, scope=locked.brief_id, reason=reason, data={"voided": len(voided)})


def organisation_of(actor: Any, release: Release) -> Organisation:
    """The publishing organisation for which this person is the approver; the role's row is held.

    So nobody takes the role away between this question and the signature.
    """
    role = (
        Role.objects.select_for_update(of=("self",))
        .filter(brief=release.brief_id, user=actor, role=RoleName.APPROVER)
        .filter(organisation__in=Publisher.objects.filter(brief=release.brief_id).values("organisation"))
        .select_related("organisation")
        .first()
    )
    if role is None:
        raise NotAllowed(_("You are the approver of an organisation that does not publish this brief."))
    return role.organisation


def live(release: Release, organisation: Organisation, decision: str) -> SignOff | None:
    rows = SignOff.objects.filter(release=release, organisation=organisation, decision=decision)
    return rows.filter(voided_at__isnull=True).first()


def missing(release: Release) -> list[Organisation]:
    """Publishers that have not signed this manifest."""
    signed = SignOff.objects.filter(
        release=release,
        decision=Decision.SIGNED,
        voided_at__isnull=True,
        manifest_sha256=release.manifest_sha256,
    ).values("organisation")
    rows = Publisher.objects.filter(brief=release.brief_id).exclude(organisation__in=signed)
    return [row.organisation for row in rows.select_related("organisation")]

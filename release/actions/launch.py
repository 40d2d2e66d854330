"""The launch: embargo, hold, event, withdrawal. Only times and states; texts stay as signed."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brief.models import Brief
from ledger import jobs
from ledger.actions import Done, action
from ledger.refusals import NotNow
from ledger.transitions import move
from release import emails, moments, permissions, policies
from release.actions.locks import lock_brief, lock_release
from release.models import Embargo, LaunchEvent, Release
from release.publishing import forget, rebuild_public_root, record_published
from release.states import RELEASE, ReleaseState


@action("release.embargo_set")
def set_embargo(*, actor: Any, release: Release, wall_time: str, zone: str, fold: int | None = None) -> Done:
    """Say when the release becomes public, or move it. The approvers are told."""
    locked = lock_release(release.pk)
    permissions.launch(actor, locked.brief)
    policies.check_may_set_embargo(locked)
    choice = moments.parse(wall_time, zone, fold=fold)
    policies.check_in_future(choice.instant)
    embargo, created = Embargo.objects.update_or_create(
        release=locked,
        defaults={
            "wall_time": choice.wall_time,
            "zone": zone,
            "fold": choice.fold,
            "instant": choice.instant,
            "set_by": actor,
        },
    )
    if locked.status == ReleaseState.CLEARED:
        locked = move(RELEASE, locked, "schedule", actor=actor, scope=locked.brief_id)
    publish_when_due(embargo)
    rebuild_public_root()  # an announced event shows the moment, and the files step aside at it
    emails.embargo_set(embargo, moved=not created)
    return Done(
        subject=locked,
        value=embargo,
        scope=locked.brief_id,
        data={"wall_time": choice.wall_time, "zone": zone, "instant": choice.instant.isoformat(), "moved": not created},
    )


@action("release.held")
def hold(*, actor: Any, release: Release, reason: str) -> Done:
    """Stop a scheduled launch: nothing becomes public until the hold is lifted."""
    locked = lock_release(release.pk)
    permissions.launch(actor, locked.brief)
    policies.check_may_hold(locked)
    if not reason.strip():
        raise NotNow(_("Say why the launch is held: everybody concerned is told."), code="reason")
    embargo = Embargo.objects.get(release=locked)
    embargo.held_at, embargo.held_by, embargo.hold_reason = timezone.now(), actor, reason.strip()
    embargo.save(update_fields=["held_at", "held_by", "hold_reason"])
    rebuild_public_root()
    emails.held(embargo)
    return Done(subject=locked, value=embargo, scope=locked.brief_id, reason=reason)


@action("release.hold_lifted")
def resume(*, actor: Any, release: Release) -> Done:
    """Lift the hold. When the moment has passed meanwhile, a new one must be set first."""
    locked = lock_release(release.pk)
    permissions.launch(actor, locked.brief)
    policies.check_held(locked)
    embargo = Embargo.objects.get(release=locked)
    policies.check_in_future(embargo.instant)
    embargo.held_at, embargo.held_by, embargo.hold_reason = None, None, ""
    embargo.save(update_fields=["held_at", "held_by", "hold_reason"])
    publish_when_due(embargo)
    rebuild_public_root()
    emails.embargo_set(embargo, moved=True)
    return Done(subject=locked, value=embargo, scope=locked.brief_id)


@action("release.event_saved")
def save_event(*, actor: Any, brief: Brief, fields: dict[str, Any]) -> Done:
    """Set up or change the launch event. ``fields`` are LaunchEvent's, times as wall clock and zone."""
    locked = lock_brief(brief.pk)
    permissions.launch(actor, locked)
    known = {"slug", "title", "place", "zone", "description", "agenda", "speakers", "contact", "link", "announced"}
    values = {name: value for name, value in fields.items() if name in known}
    for name in ("starts", "ends"):
        wall_time = str(fields.get(f"{name}_wall_time") or "")
        values[f"{name}_wall_time"] = wall_time
        values[f"{name}_at"] = moments.parse(wall_time, fields["zone"]).instant if wall_time else None
    starts, ends = values["starts_at"], values["ends_at"]
    if ends is not None and (starts is None or ends <= starts):
        raise NotNow(_("The event ends before it begins: give a later time for its end, or none."), code="ends")
    event, _created = LaunchEvent.objects.update_or_create(brief=locked, defaults=values)
    rebuild_public_root()
    return Done(subject=event, scope=locked.pk, data={"announced": event.announced})


@action("release.withdrawn")
def withdraw(*, actor: Any, release: Release, reason: str) -> Done:
    """Take a published release back: a notice with the reason stands at its address, and no file."""
    lock_brief(release.brief_id)
    locked = lock_release(release.pk)
    permissions.withdraw(actor, locked.brief)
    if record_published(locked):
        locked = lock_release(release.pk)  # the clock was ahead of the record
    if not reason.strip():
        raise NotNow(_("Say why: the public reads the reason."), code="reason")
    locked = move(
        RELEASE,
        locked,
        "withdraw",
        actor=actor,
        scope=locked.brief_id,
        reason=reason,
        set_fields={"sentence": reason.strip(), "withdrawn_at": timezone.now()},
    )
    rebuild_public_root()
    forget(locked)
    emails.withdrawn(locked)
    return Done(subject=locked, scope=locked.brief_id, reason=reason)


def publish_when_due(embargo: Embargo) -> None:
    """A database row, never a broker's timer (TRUST 5). A moved embargo leaves a job that finds nothing."""
    jobs.enqueue(
        "release.publish",
        key=f"publish:{embargo.release_id}:{uuid.uuid4()}",
        payload={"release": str(embargo.release_id)},
        due_at=embargo.instant,
        scope=embargo.release.brief_id,
    )

"""What people do to accounts."""

from __future__ import annotations

from accounts.models import User
from ledger.actions import Done, action


@action("profile.changed")
def change_profile(*, actor: User, name: str, zone: str) -> Done:
    """Name and time zone, by the person; the event names the fields, not their values."""
    person = User.objects.select_for_update().get(pk=actor.pk)
    person.name, person.zone = name, zone
    person.save(update_fields=["name", "zone"])
    return Done(subject=person, data={"fields": ["name", "zone"]})

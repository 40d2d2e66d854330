"""Seeds of authenticator apps and of recovery codes lie encrypted in the database."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from ledger import seals

PURPOSE = "accounts.mfa"
#: Where each kind of authenticator keeps its seed.
SEEDS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


class Unreadable(Exception):
    """A seed is sealed under a key that is gone; the message names its row."""


def seal(text: str) -> str:
    return seals.seal(text, purpose=PURPOSE)


def unseal(sealed: str) -> str:
    """The text, or an empty string when it was sealed under a key that is gone."""
    return seals.unseal(sealed, purpose=PURPOSE)


def renew() -> int:
    """Seal every seed anew under today's SECRET_KEY; how many. Afterwards no seed needs an older key.

    Raises Unreadable, and changes nothing, when a seed's key is gone.
    """
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(type__in=SEEDS).order_by("pk")
        renewed = [_renewed(row) for row in rows]
        Authenticator.objects.bulk_update(renewed, ["data"])
    return len(renewed)


def _renewed(row: Authenticator) -> Authenticator:
    name = SEEDS[row.type]
    seed = unseal(row.data.get(name, ""))
    if not seed:
        raise Unreadable(f"authenticator {row.pk}")
    row.data = {**row.data, name: seal(seed)}
    return row

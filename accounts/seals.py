"""Seeds of authenticator apps and of recovery codes lie encrypted in the database."""

from __future__ import annotations

from ledger import seals

PURPOSE = "accounts.mfa"


def seal(text: str) -> str:
    return seals.seal(text, purpose=PURPOSE)


def unseal(sealed: str) -> str:
    """The text, or an empty string when it was sealed under a key that is gone."""
    return seals.unseal(sealed, purpose=PURPOSE)

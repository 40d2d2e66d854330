"""A passkey in software, for the stack's own host."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

FLAGS = AuthenticatorData.FLAG
HOST = "127.0.0.1"


class Key:
    """``credential`` is the id by which a server knows it."""

    def __init__(self, credential: bytes) -> None:
        self.credential = credential
        self.private = ec.generate_private_key(ec.SECP256R1())

    def register(self, user: Any) -> None:
        public = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]
        attested = AttestedCredentialData.create(b"\0" * 16, self.credential, public)
        response = {
            "clientDataJSON": websafe_encode(_client("webauthn.create", websafe_encode(b"x" * 32))),
            "attestationObject": websafe_encode(AttestationObject.create("none", _data(FLAGS.AT, attested), {})),
        }
        name = websafe_encode(self.credential)
        credential = {"id": name, "rawId": name, "type": "public-key", "response": response}
        row = {"name": "bench", "credential": credential}
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=row)

    def answer(self, options: dict[str, Any], *, by: Key | None = None) -> str:
        """The JSON that a browser would post for these options; ``by`` signs instead."""
        client = _client("webauthn.get", options["publicKey"]["challenge"])
        data = _data()
        signature = (by or self).private.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": None,
        }
        name = websafe_encode(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _data(more: int = 0, attested: bytes = b"") -> AuthenticatorData:
    made: AuthenticatorData = AuthenticatorData.create(
        sha256(HOST.encode()).digest(), FLAGS.UP | FLAGS.UV | more, 1, attested
    )
    return made


def _client(kind: str, challenge: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": f"https://{HOST}"}).encode()

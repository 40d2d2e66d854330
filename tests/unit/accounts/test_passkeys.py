"""A passkey's answer for one act, made by a key in software."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.cache import cache
from django.test import RequestFactory
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts import second_factor
from accounts.models import User
from ledger.refusals import why_not
from tests.cast import Cast

pytestmark = pytest.mark.django_db
FLAGS = AuthenticatorData.FLAG


@dataclass
class Key:
    """An authenticator that says yes to everything."""

    credential: bytes = b"a credential of a test"
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def register(self, user: User) -> None:
        public = ES256.from_cryptography_key(self.private.public_key())
        attested = AttestedCredentialData.create(b"\0" * 16, self.credential, public)
        data = self._data(FLAGS.UP | FLAGS.UV | FLAGS.AT, attested)
        response = {
            "clientDataJSON": websafe_encode(self._client("webauthn.create", b"x" * 32)),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        credential = {"id": websafe_encode(self.credential), "rawId": websafe_encode(self.credential)}
        row = {"name": "test", "credential": {**credential, "type": "public-key", "response": response}}
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=row)

    def answer(self, options: dict[str, dict[str, str]], *, by: Key | None = None) -> str:
        """The JSON that the browser would post for these options; ``by`` signs instead."""
        challenge = options["publicKey"]["challenge"]
        client = self._client("webauthn.get", challenge)
        data = self._data(FLAGS.UP | FLAGS.UV)
        signature = (by or self).private.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
        }
        name = websafe_encode(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    @staticmethod
    def _data(flags: int, attested: bytes = b"") -> AuthenticatorData:
        return AuthenticatorData.create(sha256(b"testserver").digest(), flags, 1, attested)

    @staticmethod
    def _client(kind: str, challenge: bytes | str) -> bytes:
        shown = challenge if isinstance(challenge, str) else websafe_encode(challenge)
        return json.dumps({"type": kind, "challenge": shown, "origin": "https://testserver"}).encode()


@pytest.fixture(autouse=True)
def _in_a_request(rf: RequestFactory) -> Iterator[None]:
    cache.clear()
    with context.request_context(rf.get("/", secure=True)):
        yield


@pytest.fixture
def key(cast: Cast) -> Key:
    made = Key()
    made.register(cast.approver)
    return made


def test_its_answer_counts_for_what_it_was_asked(cast: Cast, key: Key) -> None:
    options = second_factor.begin_assertion(user=cast.approver, purpose="hash")
    answer = key.answer(options)
    assert second_factor.verify(user=cast.approver, purpose="hash", assertion=answer) == "passkey"


def test_it_counts_once(cast: Cast, key: Key) -> None:
    answer = key.answer(second_factor.begin_assertion(user=cast.approver, purpose="hash"))
    second_factor.verify(user=cast.approver, purpose="hash", assertion=answer)
    assert why_not(second_factor.verify, user=cast.approver, purpose="hash", assertion=answer)


def test_it_counts_for_no_other_hash(cast: Cast, key: Key) -> None:
    answer = key.answer(second_factor.begin_assertion(user=cast.approver, purpose="one"))
    assert why_not(second_factor.verify, user=cast.approver, purpose="other", assertion=answer)


def test_it_counts_for_no_other_person(cast: Cast, key: Key) -> None:
    answer = key.answer(second_factor.begin_assertion(user=cast.approver, purpose="hash"))
    assert why_not(second_factor.verify, user=cast.partner_approver, purpose="hash", assertion=answer)


def test_another_key_does_not_sign_for_it(cast: Cast, key: Key) -> None:
    options = second_factor.begin_assertion(user=cast.approver, purpose="hash")
    answer = key.answer(options, by=Key())
    assert why_not(second_factor.verify, user=cast.approver, purpose="hash", assertion=answer)


def test_a_passkey_alone_is_enough(cast: Cast, key: Key) -> None:
    Authenticator.objects.filter(user=cast.approver, type=Authenticator.Type.TOTP).delete()
    assert second_factor.has_one(cast.approver) and second_factor.has_passkey(cast.approver)
    answer = key.answer(second_factor.begin_assertion(user=cast.approver, purpose="hash"))
    assert second_factor.verify(user=cast.approver, purpose="hash", assertion=answer) == "passkey"

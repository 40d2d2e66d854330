"""A fresh second factor for one act: right, once, and for that act."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.db import transaction
from django.test import RequestFactory

from accounts import second_factor
from accounts.models import SpentFactor
from ledger.cache import Cache
from ledger.refusals import NotAllowed, why_not
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries() -> None:
    cache.clear()


def test_the_code_of_the_app_counts(cast: Cast) -> None:
    assert second_factor.verify(user=cast.approver, code=second_factor.current_code(cast.approver)) == "totp"


@pytest.mark.parametrize("ahead", [-1, 1])
def test_a_clock_half_a_minute_off_is_forgiven(cast: Cast, ahead: int) -> None:
    code = second_factor.current_code(cast.approver, ahead=ahead)
    assert second_factor.verify(user=cast.approver, code=code) == "totp"


@pytest.mark.parametrize("ahead", [-3, 3])
def test_a_code_of_another_minute_does_not_count(cast: Cast, ahead: int) -> None:
    code = second_factor.current_code(cast.approver, ahead=ahead)
    assert "not right" in why_not(second_factor.verify, user=cast.approver, code=code)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_does_not_count(cast: Cast, code: str) -> None:
    with pytest.raises(NotAllowed):
        second_factor.verify(user=cast.approver, code=code)


def test_a_code_counts_once(cast: Cast) -> None:
    code = second_factor.current_code(cast.approver)
    second_factor.verify(user=cast.approver, code=code)
    assert "used already" in why_not(second_factor.verify, user=cast.approver, code=code)


def test_an_act_that_fails_gives_the_code_back(cast: Cast) -> None:
    code = second_factor.current_code(cast.approver)
    with pytest.raises(RuntimeError), transaction.atomic():
        second_factor.verify(user=cast.approver, code=code)
        raise RuntimeError
    assert not SpentFactor.objects.exists()
    assert second_factor.verify(user=cast.approver, code=code) == "totp"


def test_the_code_of_somebody_else_does_not_count(cast: Cast) -> None:
    second_factor.enrol_totp(cast.partner_approver, "JBSWY3DPEHPK3PXP")
    code = second_factor.current_code(cast.partner_approver)
    assert why_not(second_factor.verify, user=cast.approver, code=code)


def test_without_an_authenticator_it_is_refused(cast: Cast) -> None:
    assert "Set one up" in why_not(second_factor.verify, user=cast.lead, code="123456")


def test_a_rotated_key_locks_nobody_out(cast: Cast, settings: Any) -> None:
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [old]
    assert second_factor.verify(user=cast.approver, code=second_factor.current_code(cast.approver)) == "totp"


def test_a_seed_whose_key_is_gone_is_no_seed(cast: Cast, settings: Any) -> None:
    code = second_factor.current_code(cast.approver)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", []
    assert second_factor.current_code(cast.approver) == ""
    assert "not right" in why_not(second_factor.verify, user=cast.approver, code=code)
    empty = totp.format_hotp_value(totp.hotp_value("", int(time.time()) // 30))
    app = totp.TOTP(Authenticator.objects.get(user=cast.approver))
    assert not app.validate_code(code)
    assert not app.validate_code(empty)


def test_recovery_codes_do_not_count(cast: Cast) -> None:
    codes = RecoveryCodes.activate(cast.approver).get_unused_codes()
    assert why_not(second_factor.verify, user=cast.approver, code=codes[0])
    Authenticator.objects.filter(user=cast.approver, type=Authenticator.Type.TOTP).delete()
    assert "Set one up" in why_not(second_factor.verify, user=cast.approver, code=codes[0])


def test_after_five_wrong_codes_the_right_one_waits(cast: Cast) -> None:
    for _try in range(5):
        assert why_not(second_factor.verify, user=cast.approver, code="000000" if _try else "111111")
    code = second_factor.current_code(cast.approver)
    assert "Too many" in why_not(second_factor.verify, user=cast.approver, code=code)


def test_a_right_code_forgets_the_wrong_ones(cast: Cast) -> None:
    for ahead in (-1, 0):
        assert why_not(second_factor.verify, user=cast.approver, code="111111")
        second_factor.verify(user=cast.approver, code=second_factor.current_code(cast.approver, ahead=ahead))
    assert cache.get(f"second-factor-tries:{cast.approver.pk}") is None


@pytest.fixture
def valkey_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's cache as in production, with nobody listening where Valkey should be."""
    standing = Cache("redis://127.0.0.1:1/0", {"KEY_PREFIX": "cs"})
    standing.clear()
    monkeypatch.setattr(second_factor, "cache", standing)


@pytest.mark.usefixtures("valkey_away")
def test_signing_goes_on_while_valkey_is_away(cast: Cast) -> None:
    assert second_factor.verify(user=cast.approver, code=second_factor.current_code(cast.approver)) == "totp"


@pytest.mark.usefixtures("valkey_away")
def test_wrong_codes_are_limited_while_valkey_is_away(cast: Cast) -> None:
    for _try in range(5):
        assert "not right" in why_not(second_factor.verify, user=cast.approver, code="000000" if _try else "111111")
    code = second_factor.current_code(cast.approver)
    assert "Too many" in why_not(second_factor.verify, user=cast.approver, code=code)


def test_a_count_that_was_forgotten_in_between_begins_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_factor.cache, "add", lambda *arguments: False, raising=False)
    assert second_factor.verify(user=cast.approver, code=second_factor.current_code(cast.approver)) == "totp"


def test_a_challenge_is_bound_to_person_purpose_and_time(cast: Cast) -> None:
    challenge = second_factor._challenge(cast.approver, "a" * 64)
    assert second_factor._is_ours(challenge, cast.approver, "a" * 64)
    assert not second_factor._is_ours(challenge, cast.approver, "b" * 64)
    assert not second_factor._is_ours(challenge, cast.partner_approver, "a" * 64)
    assert not second_factor._is_ours(challenge[:-1] + b"x", cast.approver, "a" * 64)
    assert not second_factor._is_ours(b"", cast.approver, "a" * 64)


def test_a_challenge_grows_old(cast: Cast) -> None:
    with time_machine.travel("2026-03-01T10:00Z", tick=False) as clock:
        challenge = second_factor._challenge(cast.approver, "x")
        clock.shift(second_factor.CHALLENGE_AGE)
        assert second_factor._is_ours(challenge, cast.approver, "x")
        clock.shift(1)
        assert not second_factor._is_ours(challenge, cast.approver, "x")


def test_showing_a_challenge_stores_nothing(cast: Cast, rf: RequestFactory) -> None:
    from allauth.core import context

    with context.request_context(rf.get("/")):
        options = second_factor.begin_assertion(user=cast.approver, purpose="x")
    assert options["publicKey"]["challenge"]
    assert not SpentFactor.objects.exists()


@pytest.mark.parametrize("assertion", ["{", "null", "[]", "{}", '{"id": 1}', json.dumps({"id": "a", "response": {}})])
def test_an_answer_that_is_none_is_refused_with_a_sentence(cast: Cast, assertion: str) -> None:
    with pytest.raises(NotAllowed, match="Reload it"):
        second_factor.verify(user=cast.approver, purpose="x", assertion=assertion)

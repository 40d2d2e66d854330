"""Changing SECRET_KEY: nobody's authenticator app stops, and the old key can go afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command

from accounts import second_factor
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_key_is_changed_and_the_old_one_taken_away(cast: Cast, settings: Any) -> None:
    old, code = settings.SECRET_KEY, second_factor.current_code(cast.approver)
    recovery = RecoveryCodes.activate(cast.approver).get_unused_codes()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key " * 6, [old]
    assert second_factor.current_code(cast.approver) == code
    call_command("reseal", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []
    assert second_factor.current_code(cast.approver) == code
    row = Authenticator.objects.get(user=cast.approver, type=Authenticator.Type.RECOVERY_CODES)
    assert row.wrap().get_unused_codes() == recovery


def test_a_seed_whose_key_is_gone_stops_it_and_nothing_is_changed(cast: Cast, settings: Any) -> None:
    before = dict(Authenticator.objects.values_list("pk", "data"))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key " * 6, []
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("reseal", verbosity=0)
    assert dict(Authenticator.objects.values_list("pk", "data")) == before

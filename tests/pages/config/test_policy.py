"""The content policy stands on every answer, letter for letter alike whichever process answers."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/briefs/never-was/", "/account/login/", "/static/icon.svg", "/desk/"])
def test_policy_is_the_settings_own_in_their_order(client: Client, path: str) -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    words = "; ".join(" ".join([name, *(str(value) for value in values)]) for name, values in directives.items())
    assert client.get(path).headers["Content-Security-Policy"] == words

"""Each route reads one kind of body and refuses the others: a form never agreed to must not pass for an empty one."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from brief.models import Section
from tests.cast import Cast

pytestmark = pytest.mark.django_db

BODY = b'{"a": "b"}'


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/xml", ""])
def test_a_form_takes_nothing_but_a_form(cast: Cast, kind: str) -> None:
    """``text/plain`` is what a foreign page can send without asking."""
    url = reverse("brief:seen", args=[cast.brief.pk, cast.section.pk])
    answer = cast.client(cast.lead).generic("POST", url, BODY, content_type=kind)
    assert answer.status_code == 415
    assert "This request cannot be read." in answer.content.decode()


def test_a_button_without_fields_is_not_pressed_by_it(cast: Cast) -> None:
    url = reverse("brief:remove_section", args=[cast.brief.pk, cast.section.pk])
    asked = cast.client(cast.lead).post(
        url, BODY, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert (asked.status_code, asked.json()) == (415, {"error": "This request cannot be read."})
    assert Section.objects.get(pk=cast.section.pk).deleted_at is None


def test_what_reads_json_takes_no_form(cast: Cast) -> None:
    url = reverse("brief:presence", args=[cast.brief.pk])
    client = cast.client(cast.lead)
    sent = {"section": str(cast.section.pk), "from": 0, "to": 0}
    assert client.post(url, sent).status_code == 415
    assert client.post(url, json.dumps(sent), content_type="text/plain").status_code == 415
    assert client.post(url, sent, content_type="application/json").status_code == 200


def test_nothing_at_all_is_of_every_kind(cast: Cast) -> None:
    """A button without fields, pressed by a script."""
    url = reverse("brief:run_checks", args=[cast.brief.pk])
    assert cast.client(cast.lead).generic("POST", url, b"", content_type="").status_code < 400

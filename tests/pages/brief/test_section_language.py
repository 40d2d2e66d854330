"""A section may be in another language than its brief: spelling, direction and voice follow it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def room(cast: Cast) -> str:
    client = cast.client(cast.lead)
    return client.get(reverse("brief:section", args=[cast.brief.pk, cast.section.pk])).content.decode()


def save(cast: Cast, language: str) -> int:
    client = cast.client(cast.lead)
    sent = {"title": "T", "target_words": "0", "language": language}
    return client.post(reverse("brief:edit_section", args=[cast.brief.pk, cast.section.pk]), sent).status_code


def test_the_editor_is_told_the_briefs_language_and_direction_first(cast: Cast) -> None:
    assert 'data-language="en-GB" data-direction="ltr"' in room(cast)


def test_the_section_can_have_its_own(cast: Cast) -> None:
    assert save(cast, "ar") == 302
    assert 'data-language="ar" data-direction="rtl"' in room(cast)
    assert save(cast, "") == 302
    assert 'data-language="en-GB" data-direction="ltr"' in room(cast)


@pytest.mark.parametrize("language", ["x", "fr_FR", "fr\n", "français"])
def test_what_is_no_language_code_is_refused(cast: Cast, language: str) -> None:
    status = save(cast, language)
    cast.section.refresh_from_db()
    assert cast.section.language in ("", "fr")
    assert (status == 200) == (cast.section.language == "")


def test_a_notice_in_another_direction_stands_for_itself(cast: Cast) -> None:
    cast.section.__class__.objects.filter(pk=cast.section.pk).update(language="ar", content_notice="يصف العنف.")
    assert '<bdi lang="ar">يصف العنف.</bdi>' in room(cast)

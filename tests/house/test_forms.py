"""Every form of ours refuses what nobody sees, and addresses that only look like somebody's."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin

import accounts
import brief
import config
import release
import review
from accounts.models import User
from ledger.forms import Form, Seen
from tests.cast import Cast


def ours() -> Iterator[type[forms.BaseForm]]:
    """Form classes written here; those made from a library's have no names to keep."""
    for package in (accounts, brief, review, release, config):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" in found.name or "management" in found.name or found.name.startswith(NOT_IMPORTED):
                continue
            for value in vars(importlib.import_module(found.name)).values():
                is_form = isinstance(value, type) and issubclass(value, forms.BaseForm)
                if is_form and value.__module__ == found.name and "allauth" not in str(value.__mro__):
                    yield value


#: Processes of their own, which another environment starts; and the page of samples, which keeps nothing.
NOT_IMPORTED = ("config.showcase", "config.asgi", "config.wsgi", "config.supervisor", "config.celery")


def test_every_form_of_ours_looks_for_what_is_not_seen() -> None:
    found = list(ours())
    assert len(found) > 25
    assert [each.__name__ for each in found if not issubclass(each, Seen)] == []


def test_every_form_of_the_administration_does() -> None:
    of_ours = [each for each in admin.site._registry.values() if each.__module__.startswith("accounts")]
    assert len(of_ours) > 2
    assert [str(each) for each in of_ours if not issubclass(each.form, Seen)] == []


class Example(Form):
    name = forms.CharField()
    words = forms.CharField(widget=forms.Textarea, required=False)
    address = forms.EmailField()


GOOD = {"name": "Ann", "words": "Two\nlines", "address": "ann@people.example"}


def test_a_plain_form_passes() -> None:
    assert Example(GOOD).is_valid()


@pytest.mark.parametrize("name", ["A\u202enn", "A\u200bnn", "Ann\tB", "\u2066Ann", "A\u200dnn"])
def test_a_line_that_hides_something_is_refused_with_its_code_point(name: str) -> None:
    form = Example({**GOOD, "name": name})
    assert not form.is_valid()
    assert "U+" in form.errors["name"][0]


def test_texts_of_several_lines_may_carry_directions() -> None:
    assert Example({**GOOD, "words": "שלום \u200f(1)\nA\u202eB\u202c"}).is_valid()


@pytest.mark.parametrize("address", ["\u212aim@people.example", "ann@p\u0435ople.example", "ann@münchen.example"])
def test_an_address_that_looks_like_anothers_is_refused(address: str) -> None:
    assert "address" in Example({**GOOD, "address": address}).errors


def test_the_kelvin_sign_opens_nobodys_account(cast: Cast) -> None:
    """Django's address pattern ignores case, and so lets K (U+212A) pass; its small letter is a plain k."""
    known = User.objects.create_user("kim@people.example", "Kim")
    role: dict[str, Any] = {"name": "K", "organisation": cast.north.pk, "role": "author"}
    answer = cast.client(cast.lead).post(
        f"/write/{cast.brief.pk}/people/", {"email": "\u212aim@people.example", **role}
    )
    assert answer.status_code == 200
    assert not cast.brief.roles.filter(user=known).exists()
    with pytest.raises(ValueError, match="letters"):
        User.objects.create_user("\u212aim@people.example")

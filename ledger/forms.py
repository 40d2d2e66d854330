"""Forms of which no field hides anything: what one person types, another reads beside a name of their own.

A direction override turns a name around on other people's pages, a zero-width space makes two people of one
(TRUST, look-alikes). Texts of several lines may carry directions: each stands in a paragraph of its own.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from document import characters


def check_seen(value: object) -> None:
    """Raises ValidationError for a line with characters that nobody sees."""
    # Some fields of text give objects: a UUID.
    found = characters.unseen(str(value))
    if found:
        sentence = _("This holds a character that nobody can see (%(code)s). Type it without.")
        raise ValidationError(sentence, params={"code": f"U+{ord(found):04X}"}, code="unseen")


def check_address(value: str) -> None:
    """Raises ValidationError for an e-mail address with letters that look like others."""
    if not value.isascii():
        raise ValidationError(_("This address holds letters that mail cannot be trusted with."), code="letters")


class Seen:
    """Mixin: fields of one line refuse what is not seen, addresses what is not ASCII."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field, forms.CharField) or isinstance(field.widget, forms.Textarea):
                continue
            field.validators = [check_seen, *field.validators]
            if isinstance(field, forms.EmailField):
                field.validators.append(check_address)


class Form(Seen, forms.Form):
    """A form of ours."""


class ModelForm(Seen, forms.ModelForm):  # type: ignore[type-arg]  # Django cannot subscript it
    """A record's form of ours."""

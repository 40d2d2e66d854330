"""What the brief agrees about words: acronyms, preferred terms, definitions, quotations."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brief import checking
from brief.models import Acronym, Brief, Definition, PreferredTerm, Quotation
from brief.permissions import write
from brief.policies import check_open_to_edits
from ledger.actions import Done, action
from ledger.refusals import NotNow

Word = Acronym | PreferredTerm | Definition | Quotation


@action("word.saved")
def save_word(*, actor: Any, brief: Brief, word: Word, **fields: Any) -> Done:
    """Add a record, or change one: ``word`` is an instance of this brief, new or kept. The texts are checked anew."""
    write(actor, brief)
    check_open_to_edits(brief)
    new = word.pk is None
    word.brief = brief
    for name, value in fields.items():
        setattr(word, name, value)
    try:
        with transaction.atomic():
            word.save()
    except IntegrityError as error:
        raise NotNow(_("This stands in the list already."), code="double") from error
    checking.ask(brief.pk)
    return Done(subject=word, scope=brief.pk, data={"kind": word._meta.model_name, "new": new})


@action("word.removed")
def remove_word(*, actor: Any, brief: Brief, word: Word) -> Done:
    write(actor, brief)
    check_open_to_edits(brief)
    data = {"kind": word._meta.model_name, "id": word.pk}
    word.delete()
    checking.ask(brief.pk)
    return Done(subject=brief, scope=brief.pk, data=data)

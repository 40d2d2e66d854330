"""Everything that is held about a person, as a ZIP of JSON files, for that person."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from accounts.models import User
from ledger.actions import Done, action
from ledger.people import about_person
from ledger.refusals import NotAllowed

PIECE = 1 << 20


@action("person.exported")
def export(*, actor: User, user: User, out: IO[bytes]) -> Done:
    """Write the ZIP into ``out``. By the person; or by an administrator, without what is for their eyes alone.

    Else one administrator could read who a reviewer is, what they wrote and from where (TRUST 3).
    """
    if actor.pk != user.pk and not (actor.is_staff and actor.is_active):
        raise NotAllowed(_("People get what is held about themselves; administrators get it for them."))
    kinds: dict[str, int] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for records in about_person.collect(user):
            if actor.pk != user.pk and not records.open:
                continue
            with packed.open(f"{records.name}.json", "w") as member:
                kinds[records.name] = _write(member, records.rows)
            for name, stored in records.files:
                _add_file(packed, name, stored)
    return Done(subject=user, data={"records": kinds})


def _write(member: IO[bytes], rows: Iterable[Any]) -> int:
    """A JSON list, a row at a time; how many rows."""
    number = 0
    member.write(b"[")
    for number, row in enumerate(rows, 1):
        text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        member.write(b",\n" * (number > 1) + text.encode())
    member.write(b"]\n")
    return number


def _add_file(packed: zipfile.ZipFile, name: str, stored: str) -> None:
    try:
        file = default_storage.open(stored, "rb")
    except FileNotFoundError:
        return
    with file, packed.open(name, "w") as member:
        while piece := file.read(PIECE):
            member.write(piece)

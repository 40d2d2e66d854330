"""What releases say of a person. Manifests, signatures and waivers stay; they name an account, which loses its name."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from ledger.people import Leaving, Records, replace_words
from release.models import Embargo, GateResult, Release, SignOff, Waiver


def about(user: Any) -> list[Records]:
    signed = SignOff.objects.filter(approver=user).annotate(brief_title=F("release__brief__title"))
    waived = Waiver.objects.filter(by=user).annotate(brief_title=F("release__brief__title"))
    embargoes = Embargo.objects.filter(set_by=user).annotate(brief_title=F("release__brief__title"))
    return [
        Records(
            "releases/sign-offs",
            signed.values("brief_title", "manifest_sha256", "decision", "reason", "factor", "at", "voided_at"),
            open=True,
        ),
        Records("releases/waivers", waived.values("brief_title", "gate", "reason", "at"), open=True),
        Records("releases/embargoes", embargoes.values("brief_title", "wall_time", "zone", "set_at"), open=True),
    ]


def erase(leaving: Leaving) -> list[tuple[str, int]]:
    words = replace_words(Embargo, ("hold_reason",), leaving)
    words += replace_words(Release, ("sentence",), leaving)
    words += replace_words(GateResult, ("detail",), leaving)
    return [("releases", words)]


def standing(leaving: Leaving) -> list[str]:
    """Releases whose manifest (signed before it named accounts by id) or launch page names the person."""
    found = Q(pk=None)
    for word in {old for old, _new in leaving.words}:
        inside = json.dumps(word, ensure_ascii=False)[1:-1]
        found |= Q(manifest__icontains=inside) | Q(brief__launch_event__speakers__icontains=word)
        found |= Q(sign_offs__reason__icontains=word) | Q(waivers__reason__icontains=word)
    titles = Release.objects.filter(found).order_by("pk").values_list("brief__title", "edition").distinct()
    told = _("The name stands in what was signed or announced for %(brief)s, edition %(edition)s.")
    return [told % {"brief": title, "edition": edition} for title, edition in titles]

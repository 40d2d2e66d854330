"""The mails of clearance and launch: who gets them, and what their templates need. Jobs hold ids."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from brief.models import Role
from brief.states import RoleName
from document import canonical
from ledger import mail
from release.models import Embargo, Release, SignOff
from release.moments import in_zones

CONCERNED = (RoleName.APPROVER, RoleName.PRESS_OFFICER, RoleName.REVIEW_EDITOR, RoleName.LEAD_AUTHOR)
#: What happened → the sentence that says it. The reason follows it.
NEWS: dict[str, str | Promise] = {
    "returned": _("An organisation has returned the release instead of signing it."),
    "voided": _("Your sign-off is void, because the release has changed. You will be asked again."),
    "reopened": _("The brief has been reopened. The candidate is withdrawn and every sign-off is void."),
    "cleared": _("Every organisation has signed. The launch can be set."),
    "held": _("The launch is on hold. Nothing becomes public until the hold is lifted."),
    "published": _("The embargo is over: the brief is public."),
    "withdrawn": _("The published brief has been withdrawn. A notice stands at its address."),
    "failed": _("The candidate could not be built. The brief is open again."),
}


def people(release: Release, *roles: str) -> list[User]:
    """Active people with one of these roles on the brief, once each."""
    rows = Role.objects.filter(brief=release.brief_id, role__in=roles).values("user")
    return list(User.objects.filter(pk__in=rows, is_active=True).order_by("pk"))


def ask(release: Release) -> None:
    """Ask each approver, with the hash."""
    _post("sign_off_asked", release, people(release, RoleName.APPROVER), key=release.manifest_sha256)


def receipt(given: SignOff) -> None:
    mail.post("sign_off_receipt", key=str(given.pk), payload={"sign_off": given.pk}, scope=given.release.brief_id)


def returned(given: SignOff) -> None:
    _news("returned", given.release, people(given.release, *CONCERNED[1:]), reason=given.reason)


def voided(sign_offs: Iterable[SignOff], *, because: str) -> None:
    for sign_off in sign_offs:
        _news("voided", sign_off.release, [sign_off.approver], reason=because)


def reopened(release: Release) -> None:
    _news("reopened", release, people(release, *CONCERNED), reason=release.sentence)


def cleared(release: Release) -> None:
    _news("cleared", release, people(release, RoleName.PRESS_OFFICER))


def held(embargo: Embargo) -> None:
    _news("held", embargo.release, people(embargo.release, *CONCERNED), reason=embargo.hold_reason)


def published(release: Release) -> None:
    _news("published", release, people(release, *CONCERNED))


def withdrawn(release: Release) -> None:
    _news("withdrawn", release, people(release, *CONCERNED), reason=release.sentence)


def failed(release: Release) -> None:
    _news("failed", release, people(release, RoleName.REVIEW_EDITOR), reason=release.sentence)


def embargo_set(embargo: Embargo, *, moved: bool) -> None:
    """Approvers learn when, and every change of it (DECISIONS, Hashes)."""
    to = people(embargo.release, RoleName.APPROVER, RoleName.PRESS_OFFICER)
    _post("embargo_set", embargo.release, to, key=str(uuid.uuid4()), moved=moved)


# --- what the templates get ----------------------------------------------------------------------


def asked_letter(payload: dict[str, Any]) -> mail.Letter | None:
    release, user = _of(payload)
    if release.manifest_sha256 != payload["manifest_sha256"]:
        return None
    return mail.Letter(to=user.email, context={**_context(release, user), **_hash(release.manifest_sha256)})


def receipt_letter(payload: dict[str, Any]) -> mail.Letter | None:
    given = SignOff.objects.select_related("release__brief", "approver", "organisation").get(pk=payload["sign_off"])
    context = {**_context(given.release, given.approver), **_hash(given.manifest_sha256), "given": given}
    return mail.Letter(to=given.approver.email, context=context)


def news_letter(payload: dict[str, Any]) -> mail.Letter | None:
    release, user = _of(payload)
    context = {"sentence": NEWS[payload["kind"]], "kind": payload["kind"], "reason": payload["reason"]}
    return mail.Letter(to=user.email, context={**_context(release, user), **context})


def embargo_letter(payload: dict[str, Any]) -> mail.Letter | None:
    release, user = _of(payload)
    embargo = Embargo.objects.get(release=release)
    times = in_zones(embargo.instant, embargo.zone, user.zone)
    context = {"embargo": embargo, "times": times, "moved": payload["moved"]}
    return mail.Letter(to=user.email, context={**_context(release, user), **context})


def _news(kind: str, release: Release, to: Iterable[User], *, reason: str = "") -> None:
    _post("release_news", release, to, key=str(uuid.uuid4()), kind=kind, reason=reason)


def _post(name: str, release: Release, to: Iterable[User], *, key: str, **data: Any) -> None:
    for user in to:
        mail.post(
            name,
            key=f"{release.pk}:{key}:{user.pk}",
            payload={
                "release": str(release.pk),
                "user": str(user.pk),
                "manifest_sha256": release.manifest_sha256,
                **data,
            },
            scope=release.brief_id,
        )


def _of(payload: dict[str, Any]) -> tuple[Release, User]:
    release = Release.objects.select_related("brief", "version").get(pk=payload["release"])
    return release, User.objects.get(pk=payload["user"])


def _context(release: Release, user: User) -> dict[str, Any]:
    return {"release": release, "brief": release.brief, "person": user}


def _hash(sha256: str) -> dict[str, str]:
    return {"hash": sha256, "words": canonical.words(sha256)}

"""Gates about the publication: imprint, who signs, and the files themselves."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brief.models import Publisher, Role
from brief.permissions import AUTHORS
from brief.states import RoleName
from document import pdfcheck
from release import stored
from release.gates.base import SPOTS, Checked, Found, Spot
from release.models import Artefact
from release.states import ArtefactKind

#: What every release consists of.
WHOLE = (
    ArtefactKind.PAGE,
    ArtefactKind.PDF,
    ArtefactKind.DOCX,
    ArtefactKind.EPUB,
    ArtefactKind.ZIP,
    ArtefactKind.SUMS,
)
#: Elements that name people, in Word's and EPUB's own metadata.
_PERSON = re.compile(rb"<(?:dc:creator|dc:contributor|cp:lastModifiedBy|Manager)\b[^>]*>([^<]*)</", re.IGNORECASE)


def imprint_complete(checked: Checked) -> Found:
    """Two publishers in agreed order, ISBN, copyright, licence, disclaimer, functional mailbox."""
    imprint, publication = checked.publication.imprint, checked.publication
    named = {
        _("copyright line"): imprint.copyright,
        _("licence"): imprint.licence,
        _("disclaimer"): imprint.disclaimer,
        _("functional mailbox"): imprint.contact,
        _("second organisation"): publication.organisations[1:],
        "ISBN": valid_isbn(imprint.isbn),
    }
    missing = [str(name) for name, value in named.items() if not value]
    spot = Spot(_("Imprint"), reverse("brief:home", args=[checked.brief.pk]) + "#imprint")
    problem = _("Missing or not valid: %(names)s.") % {"names": ", ".join(missing)}
    return Found(problem if missing else "", [spot] if missing else [], " · ".join(publication.organisations))


def valid_isbn(isbn: str) -> bool:
    """ISBN-13 with its check digit."""
    digits = [int(character) for character in isbn if character.isdigit()]
    return len(digits) == 13 and sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def approvers_named(checked: Checked) -> Found:
    """One approver for each publisher, none of them an author."""
    roles = list(Role.objects.filter(brief=checked.brief).values_list("user_id", "organisation_id", "role"))
    authors = {user for user, _organisation, role in roles if role in AUTHORS}
    approvers = {
        organisation for user, organisation, role in roles if role == RoleName.APPROVER and user not in authors
    }
    publishers = Publisher.objects.filter(brief=checked.brief).select_related("organisation")
    without = [row.organisation.name for row in publishers if row.organisation_id not in approvers]
    spot = Spot(_("People"), reverse("brief:home", args=[checked.brief.pk]) + "#people")
    problem = _("No approver, or one who is an author: %(names)s.") % {"names": ", ".join(without)}
    count = len(approvers)
    looked_at = ngettext("%(count)d approver", "%(count)d approvers", count) % {"count": count}
    return Found(problem if without else "", [spot] if without else [], looked_at)


def artefacts_whole(checked: Checked) -> Found:
    """Every kind of file was built, and is what was built."""
    artefacts = list(checked.release.artefacts.all())
    missing = [str(kind.label) for kind in WHOLE if kind not in {each.kind for each in artefacts}]
    problem = _("Not built: %(names)s.") % {"names": ", ".join(missing)} if missing else _altered(artefacts)
    looked_at = ngettext("%(count)d file", "%(count)d files", len(artefacts)) % {"count": len(artefacts)}
    return Found(problem, [], looked_at)


def _altered(artefacts: Iterable[Artefact]) -> str:
    """A sentence on files whose stored bytes are not those that were built; empty when all are."""
    names = [each.name for each in artefacts if stored.digest(str(each.file.name)) != each.sha256]
    return _("Not what was built: %(names)s.") % {"names": ", ".join(names)} if names else ""


def pdf_accessible(checked: Checked) -> Found:
    """The PDF passes PDF/UA-1 and PDF/A-2a, and what those pass in silence."""
    pdf = checked.release.artefacts.filter(kind=ArtefactKind.PDF).first()
    if pdf is None:
        return Found(_("There is no PDF."))
    findings = pdfcheck.check(read(pdf))
    if not findings:
        return Found(looked_at="PDF/UA-1, PDF/A-2a")
    shown = sorted({f"{each.profile}: {each.message}" for each in findings})
    url = reverse("release:artefact", args=[checked.release.pk, pdf.name])
    return Found(
        _("The PDF does not conform: %(first)s.") % {"first": shown[0]}, [Spot(each, url) for each in shown[:SPOTS]]
    )


def metadata_clean(checked: Checked) -> Found:
    """No file names a person of the brief in its metadata; Word and EPUB files name organisations only."""
    people = Role.objects.filter(brief=checked.brief).values_list("user__name", "user__email")
    names = sorted({name for pair in people for name in pair if name})
    found = []
    for artefact in checked.release.artefacts.filter(kind__in=[ArtefactKind.PDF, ArtefactKind.DOCX, ArtefactKind.EPUB]):
        if leaks(artefact.kind, read(artefact), names, checked.publication.organisations):
            url = reverse("release:artefact", args=[checked.release.pk, artefact.name])
            found.append(Spot(artefact.name, url))
    problem = _("The metadata names a person: %(names)s.") % {"names": ", ".join(each.label for each in found)}
    return Found(problem if found else "", found)


def leaks(kind: str, content: bytes, names: Iterable[str], organisations: Iterable[str]) -> bool:
    """Whether a file's own metadata names somebody."""
    if kind == ArtefactKind.PDF:
        return any(each.rule == "own-metadata" for each in pdfcheck.check(content, names=names))
    allowed = {"", *organisations, ", ".join(organisations), "; ".join(organisations)}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("docProps/") or name.endswith((".opf", ".ncx")):
                persons = (match.decode("utf-8", "replace").strip() for match in _PERSON.findall(archive.read(name)))
                if any(person not in allowed for person in persons):
                    return True
    return False


def read(artefact: Artefact) -> bytes:
    with artefact.file.open("rb") as file:
        content: bytes = file.read()
    return content

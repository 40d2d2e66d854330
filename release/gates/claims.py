"""Gates about what the frozen text claims, and how it speaks: claims, short forms, content notices."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brief import check_words
from brief.models import SetAside
from document import checks, tree
from document.checks import Finding, Located, Records
from document.checks import claims as of_claims
from ledger.clock import database_now
from release.gates.base import SPOTS, Checked, Found, Spot


def claims_borne(checked: Checked) -> Found:
    """Every marked claim is in the register, sourced, not stale; none is superseded or contradicted without a note."""
    register = checked.publication.register
    places = _marked(checked)
    known = {claim.id for claim in register.claims}
    today = database_now().date()
    faults = [each for each in of_claims.faults(register, places, today) if each.code in of_claims.GRAVE]
    unknown = [(each, spot) for each, spot in places.items() if each not in known]
    faults += [Finding("claim-unknown", subject=each, words=spot.label) for each, spot in unknown]
    register_page = reverse("brief:claims", args=[checked.brief.pk])
    spots = [Spot(check_words.sentence(each), _spot_url(places, each, register_page)) for each in faults]
    count = len(known & places.keys())
    looked_at = ngettext("%(count)d claim", "%(count)d claims", count) % {"count": count}
    return Found(_told(faults), spots[:SPOTS], looked_at)


def _spot_url(places: dict[str, Spot], fault: Finding, otherwise: str) -> str:
    return places[fault.subject].url if fault.subject in places else otherwise


def _told(faults: list[Finding]) -> str:
    """The first sentence of each kind, with how many more there are."""
    if not faults:
        return ""
    first = {fault.code: fault for fault in reversed(faults)}
    more = Counter(fault.code for fault in faults)
    rest = sum(more.values()) - len(first)
    sentences = " ".join(check_words.sentence(first[code]) for code in more)
    if not rest:
        return sentences
    return f"{sentences} " + ngettext("%(count)d more of these.", "%(count)d more of these.", rest) % {"count": rest}


def _marked(checked: Checked) -> dict[str, Spot]:
    """Claim's id → where it is first marked."""
    found: dict[str, Spot] = {}
    for section in checked.publication.sections:
        for block in tree.children(section.doc):
            for node in tree.walk(block):
                for mark in node.get("marks") or ():
                    if mark["type"] == "claim":
                        words = str(node.get("text", ""))[:60]
                        found.setdefault(str(mark["attrs"]["id"]), checked.spot(section, block, words))
    return found


def _set_aside(checked: Checked) -> set[str]:
    return set(SetAside.objects.filter(brief=checked.brief, ended_at=None).values_list("mark", flat=True))


def acronyms_written_out(checked: Checked) -> Found:
    """Every short form is written out where the brief uses it first, or somebody said why it need not be."""
    publication = checked.publication
    records = Records(language=publication.language, acronyms=publication.acronyms)
    sections = [Located(each.id, checks.short_forms_in(each.doc, records)) for each in publication.sections]
    aside = _set_aside(checked)
    faults = [
        each for each in checks.short_forms(sections, records) if each.code == "acronym" and each.mark not in aside
    ]
    base = {each.id: each.title for each in publication.sections}
    spots = [Spot(f"{base[each.section]}: {each.words}", _place(checked, each)) for each in faults]
    names = ", ".join(each.words for each in faults[:SPOTS])
    problem = _("Not written out where first used: %(names)s.") % {"names": names} if faults else ""
    used = {short.short for one in sections for short in one.reading.shorts}
    looked_at = ngettext("%(count)d acronym", "%(count)d acronyms", len(used)) % {"count": len(used)}
    return Found(problem, spots[:SPOTS], looked_at)


def _place(checked: Checked, finding: Finding) -> str:
    url = reverse("brief:section", args=[checked.brief.pk, finding.section])
    return f"{url}#b-{finding.block}:{finding.start}-{finding.end}"


def notices_present(checked: Checked) -> Found:
    """A section with distressing detail is announced by a content notice."""
    aside = _set_aside(checked)
    missing = []
    for section in checked.publication.sections:
        if not section.content_notice.strip():
            found = checks.distress_in(section.doc, section.language or checked.publication.language)
            if found is not None and found.mark not in aside:
                missing.append((section, found))
    spots = [Spot(f"{each.title}: {found.words}", _place(checked, _in(found, each.id))) for each, found in missing]
    count = len(missing)
    problem = ngettext(
        "%(count)d section has distressing detail and no content notice.",
        "%(count)d sections have distressing detail and no content notice.",
        count,
    ) % {"count": count}
    given = sum(bool(each.content_notice.strip()) for each in checked.publication.sections)
    looked_at = ngettext("%(count)d notice", "%(count)d notices", given) % {"count": given}
    return Found(problem if count else "", spots[:SPOTS], looked_at)


def _in(finding: Finding, section: str) -> Finding:
    return replace(finding, section=section)

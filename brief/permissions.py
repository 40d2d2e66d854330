"""Who may do what on a brief. The whole policy reads at a glance; each rule says it in words.

Subjects are briefs. A stranger to the brief is told nothing of it (Hidden, a plain 404).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet, UUIDField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brief.models import Brief, Role, Section, SectionRight
from brief.policies import check_open_to_edits
from brief.states import Right, RoleName
from ledger.permits import Permits, Predicate, either
from ledger.prepared import Hole, Prepared
from ledger.refusals import NotAllowed, why_not

AUTHORS = frozenset({RoleName.LEAD_AUTHOR, RoleName.AUTHOR})
#: Who reads the living draft. Approvers see versions; the press officer sees releases.
INNER = AUTHORS | {RoleName.REVIEW_EDITOR, RoleName.TRANSLATOR, RoleName.OBSERVER, RoleName.SAFEGUARDING}


def roles_of(user: Any, brief: Brief) -> frozenset[str]:
    """The roles this person holds on this brief; asked once per brief object and person."""
    known: dict[Any, frozenset[str]] = brief.__dict__.setdefault("_roles_of", {})
    if user.pk not in known:
        known[user.pk] = frozenset(role for (role,) in _roles(brief=brief.pk, person=user.pk))
    return known[user.pk]


def _held() -> QuerySet[Any, tuple[Any, ...]]:
    mine = Role.objects.filter(brief_id=Hole("brief", UUIDField()), user_id=Hole("person", UUIDField()))
    return mine.order_by().values_list("role")


_roles = Prepared(_held)


def remember_roles(user: Any, brief: Brief, roles: frozenset[str]) -> None:
    """What was read together with the brief is not asked for again."""
    brief.__dict__.setdefault("_roles_of", {})[user.pk] = roles


def holds(*names: str) -> Predicate:
    """A predicate: the person holds one of these roles on the brief."""
    wanted = frozenset(names)
    return lambda user, brief: bool(wanted & roles_of(user, brief))


takes_part = holds(*RoleName.values)
is_lead = holds(RoleName.LEAD_AUTHOR)
is_author = holds(*AUTHORS)
is_review_editor = holds(RoleName.REVIEW_EDITOR)
is_inner = holds(*INNER)

PERMISSIONS = Permits("brief", sees=takes_part)

open_brief = PERMISSIONS.rule(
    "open a brief",
    takes_part,
    doc="Everyone who holds a role on it.",
    refuse=_("Only people with a role on this brief can open it."),
)
read_draft = PERMISSIONS.rule(
    "read the living draft",
    is_inner,
    doc="Authors, the review editor, translators, observers, the safeguarding focal point.",
    refuse=_("The living draft is open to its authors and editors. Frozen versions are shared when they are ready."),
)
write = PERMISSIONS.rule(
    "write",
    is_author,
    doc="Lead and contributing authors of every co-publishing organisation.",
    refuse=_("Only authors of this brief can change its text."),
)
arrange = PERMISSIONS.rule(
    "arrange sections",
    is_author,
    doc="Lead and contributing authors.",
    refuse=_("Only authors of this brief can add, move or remove sections."),
)
set_rights = PERMISSIONS.rule(
    "say who may write in a section",
    is_lead,
    doc="The lead author: edit, suggest only, or read only, for all authors or for some.",
    refuse=_("Only the lead author says who may write in a section."),
)
edit_brief = PERMISSIONS.rule(
    "edit the brief's own page",
    either(is_lead, is_review_editor),
    doc="The lead author and the review editor: title, objectives, audiences, imprint.",
    refuse=_("Only the lead author and the review editor can change this page."),
)
give_roles = PERMISSIONS.rule(
    "give and take roles",
    is_lead,
    doc="The lead author.",
    refuse=_("Only the lead author gives roles on this brief."),
)
freeze = PERMISSIONS.rule(
    "freeze a version",
    is_review_editor,
    doc="The review editor.",
    refuse=_("Only the review editor freezes versions."),
)
new_edition = PERMISSIONS.rule(
    "begin a new edition",
    is_lead,
    doc="The lead author, once an edition is published.",
    refuse=_("Only the lead author begins a new edition."),
)
read_versions = PERMISSIONS.rule(
    "read frozen versions",
    takes_part,
    doc="Everyone who holds a role on the brief.",
    refuse=_("Only people with a role on this brief can read its versions."),
)
talk = PERMISSIONS.rule(
    "talk among authors",
    is_author,
    doc="Lead and contributing authors. Their comments are never shown outside this circle.",
    refuse=_("Only authors of this brief take part in their conversation."),
)
export_draft = PERMISSIONS.rule(
    "take the draft away as a Word file",
    is_author,
    doc="Lead and contributing authors: their comments and suggestions are in it.",
    refuse=_("Only authors of this brief take its draft away: their comments are in it."),
)

assess = PERMISSIONS.rule(
    "answer the sensitivity checklist",
    either(is_author, is_review_editor, holds(RoleName.SAFEGUARDING)),
    doc="Authors, the review editor, the safeguarding focal point.",
    refuse=_("Only authors, the review editor and the safeguarding focal point answer the checklist."),
)


def right_on(user: Any, section: Section) -> Right:
    """What this author may do with the text of one section; lead authors always edit."""
    if is_lead(user, section.brief):
        return Right.EDIT
    known: dict[Any, Right] = section.__dict__.setdefault("_rights_of", {})
    if user.pk not in known:
        own = SectionRight.objects.filter(section=section, user=user).values_list("right", flat=True).first()
        remember_right(user, section, own)
    return known[user.pk]


def own_rights(user: Any, brief: Brief) -> dict[Any, str]:
    """Section → the right that this person was given there. One query."""
    return dict(_own_rights(brief=brief.pk, person=user.pk))


def _given() -> QuerySet[Any, tuple[Any, ...]]:
    rows = SectionRight.objects.filter(
        section__brief_id=Hole("brief", UUIDField()), user_id=Hole("person", UUIDField())
    )
    return rows.order_by().values_list("section_id", "right")


_own_rights = Prepared(_given)


def remember_right(user: Any, section: Section, own: str | None) -> None:
    """The person's own right, as it was read together with the section; None: what all authors may."""
    section.__dict__.setdefault("_rights_of", {})[user.pk] = Right(own or section.authors_may)


def write_section(user: Any, section: Section) -> None:
    """Who may change the text of this very section, and what it is called. Raises like every permit."""
    write(user, section.brief)
    if right_on(user, section) != Right.EDIT:
        raise NotAllowed(_only(right_on(user, section)))


def suggest_in(user: Any, section: Section) -> None:
    """Who may at least suggest changes to the text of this section."""
    write(user, section.brief)
    if right_on(user, section) == Right.READ:
        raise NotAllowed(_only(Right.READ))


def decide_in(user: Any, section: Section) -> None:
    """Who may accept and reject suggestions here: lead authors, and authors who may edit this section."""
    write(user, section.brief)
    if right_on(user, section) != Right.EDIT:
        raise NotAllowed(_("In this section you can take back your own suggestions. Its authors decide about others."))


def _only(right: Right) -> Promise:
    if right == Right.SUGGEST:
        return _("In this section you can suggest changes. The lead author can let you write in it.")
    return _("You can read this section and comment on it. The lead author can let you write in it.")


def is_author_of_any(user: Any) -> bool:
    """Whether the person may begin a brief: somebody of an organisation, not a reviewer's account."""
    return bool(user.is_authenticated and (user.organisation_id or user.is_superuser))


def why_not_now(rule: Callable[[Any, Any], None], user: Any, subject: Brief | Section) -> str:
    """The sentence why this person may not change this just now: who they are, then the brief's state; or empty."""
    brief = subject.brief if isinstance(subject, Section) else subject
    return why_not(rule, user, subject) or why_not(check_open_to_edits, brief)


def may_now(rule: Callable[[Any, Any], None], user: Any, subject: Brief | Section) -> bool:
    return not why_not_now(rule, user, subject)


def right_now(user: Any, section: Section) -> Right:
    """What this person may do with the text of a section just now."""
    return right_on(user, section) if may_now(suggest_in, user, section) else Right.READ

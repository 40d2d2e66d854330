"""Beginning a brief, its page, its people and its objectives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Organisation, Sector, User
from brief.models import Brief, Objective, Publisher, Role, Section, Stakeholder, Step
from brief.permissions import edit_brief as may_edit
from brief.permissions import give_roles as may_give
from brief.permissions import is_author_of_any
from brief.permissions import new_edition as may_begin_edition
from brief.policies import check_may_take, check_open_to_edits
from brief.states import BRIEF, RoleName, Stake
from document import characters
from ledger import live
from ledger.actions import Done, action
from ledger.refusals import NotAllowed, NotNow
from ledger.transitions import move

#: What the form of a brief's own page may change; everything else has an action of its own.
EDITABLE = (
    *("title", "subtitle", "summary", "language", "citation_style", "audiences", "launch_from", "launch_to"),
    *(
        "scope",
        "sdgs",
        "order_draft",
        "isbn",
        "copyright",
        "licence",
        "licence_url",
        "disclaimer",
        "contact",
        "acknowledgements",
    ),
)


@action("brief.created")
def create_brief(
    *, actor: Any, title: str, organisations: Iterable[Organisation], slug: str = "", **fields: Any
) -> Done:
    """Begin a brief for two or more co-equal organisations; the actor becomes its lead author."""
    if not is_author_of_any(actor):
        raise NotAllowed(_("Only people of a publishing organisation can begin a brief."))
    publishers = list(organisations)
    if actor.organisation_id is None or actor.organisation_id not in {owner.pk for owner in publishers}:
        raise NotNow(_("Your own organisation must be among the publishers."), code="publishers")
    if len(publishers) < 2:
        raise NotNow(_("A joint brief has at least two publishing organisations."), code="publishers")
    brief = Brief.objects.create(title=title, slug=free_slug(slug or title), **fields)
    Publisher.objects.bulk_create(
        Publisher(brief=brief, organisation=owner, order=order) for order, owner in enumerate(publishers)
    )
    Role.objects.create(brief=brief, user=actor, organisation_id=actor.organisation_id, role=RoleName.LEAD_AUTHOR)
    return Done(subject=brief, scope=brief.pk, data={"organisations": [str(owner.pk) for owner in publishers]})


def free_slug(words: str) -> str:
    """An address that no other brief has."""
    base = slugify(words)[:70].strip("-") or "brief"
    taken = set(Brief.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@action("brief.edited")
def edit_brief(*, actor: Any, brief: Brief, reason: str = "", **fields: Any) -> Done:
    """Change the brief's own page. Names in ``EDITABLE``; others are a fault of the caller.

    ``reason`` is kept beside the change, in the history of title and scope.
    """
    may_edit(actor, brief)
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    locked = Brief.objects.select_for_update().get(pk=brief.pk)
    check_open_to_edits(locked)
    changed = [name for name, value in fields.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, fields[name])
        setattr(brief, name, fields[name])
    if changed:
        locked.save(update_fields=changed)
    return Done(subject=locked, value=brief, scope=brief.pk, reason=reason.strip(), data={"fields": changed})


@action("edition.begun")
def begin_edition(*, actor: Any, brief: Brief) -> Done:
    """Open the text of a published brief again, for its next edition; what is published stays as it is."""
    may_begin_edition(actor, brief)
    locked = Brief.objects.select_for_update().get(pk=brief.pk)
    move(BRIEF, locked, "revise", actor=actor, scope=locked.pk)
    brief.status = locked.status
    return Done(subject=locked, value=brief, scope=locked.pk)


@action("role.given")
def give_role(*, actor: Any, brief: Brief, user: User, organisation: Organisation, role: str) -> Done:
    """Give a person a role for one of the brief's organisations."""
    may_give(actor, brief)
    if not Publisher.objects.filter(brief=brief, organisation=organisation).exists():
        raise NotNow(_("Roles are held for one of the brief's publishing organisations."), code="organisation")
    # Two roles that exclude one another, given at once, must see one another.
    Brief.objects.select_for_update().get(pk=brief.pk)
    _check_not_both(brief, user, role)
    try:
        with transaction.atomic():
            given, created = Role.objects.get_or_create(
                brief=brief, user=user, role=role, defaults={"organisation": organisation}
            )
    except IntegrityError as error:
        raise NotNow(_("This organisation has an approver already."), code="approver") from error
    brief.__dict__.pop("_roles_of", None)
    return Done(subject=given, scope=brief.pk, data={"role": role, "user": str(user.pk), "new": created})


def _check_not_both(brief: Brief, user: User, role: str) -> None:
    """Who writes, or has written, does not approve; who approves does not write."""
    held = set(Role.objects.filter(brief=brief, user=user).values_list("role", flat=True))
    writing = {RoleName.LEAD_AUTHOR, RoleName.AUTHOR}
    if (role == RoleName.APPROVER and held & writing) or (role in writing and RoleName.APPROVER in held):
        raise NotNow(_("An approver is never an author of the same brief."), code="author_approver")
    if role == RoleName.APPROVER and Step.objects.filter(section__brief=brief, author=user).exists():
        raise NotNow(_("This person has written text of this brief, so somebody else approves it."), code="has_written")


@action("role.taken")
def take_role(*, actor: Any, brief: Brief, role: Role) -> Done:
    """Take a role away; the next request of that person is refused what it allowed."""
    may_give(actor, brief)
    if role.brief_id != brief.pk:
        raise ValueError("this role is of another brief")
    leads = Role.objects.select_for_update().filter(brief=brief, role=RoleName.LEAD_AUTHOR)
    if role.role == RoleName.LEAD_AUTHOR and len(leads) == 1:
        raise NotNow(_("A brief keeps at least one lead author."), code="lead")
    # The row first: whoever signs by this role holds it, and is seen by the check.
    if not Role.objects.select_for_update().filter(pk=role.pk).exists():
        raise NotNow(_("This role has been taken away already."), code="gone")
    check_may_take(role)
    data = {"role": role.role, "user": str(role.user_id)}
    role.delete()
    live.notify("rights", scope=brief.pk)
    brief.__dict__.pop("_roles_of", None)
    return Done(subject=brief, scope=brief.pk, data=data)


@action("objective.added")
def add_objective(*, actor: Any, brief: Brief, text: str) -> Done:
    may_edit(actor, brief)
    check_open_to_edits(brief)
    last = brief.objectives.aggregate(last=Max("order"))["last"]
    objective = Objective.objects.create(brief=brief, text=text.strip(), order=0 if last is None else last + 1)
    return Done(subject=objective, scope=brief.pk)


@action("objective.edited")
def edit_objective(*, actor: Any, brief: Brief, objective: Objective, text: str) -> Done:
    """Say an objective otherwise; what covers it stays."""
    may_edit(actor, brief)
    check_open_to_edits(brief)
    objective.text = text.strip()
    objective.save(update_fields=["text"])
    return Done(subject=objective, scope=brief.pk)


@action("objective.removed")
def remove_objective(*, actor: Any, brief: Brief, objective: Objective) -> Done:
    may_edit(actor, brief)
    check_open_to_edits(brief)
    objective.delete()
    return Done(subject=brief, scope=brief.pk)


@action("objective.covered")
def cover_objective(*, actor: Any, brief: Brief, objective: Objective, sections: Iterable[Section]) -> Done:
    """Say which sections cover an objective."""
    may_edit(actor, brief)
    check_open_to_edits(brief)
    covering = [section for section in sections if section.brief_id == brief.pk]
    objective.sections.set(covering)
    return Done(subject=objective, scope=brief.pk, data={"sections": [str(section.pk) for section in covering]})


@action("stakeholder.added")
def add_stakeholder(*, actor: Any, brief: Brief, name: str, sector: str, stake: str) -> Done:
    """Say whom the brief is for, about or with (S0-6, S3-6)."""
    may_edit(actor, brief)
    check_open_to_edits(brief)
    name = characters.seen(name).strip()
    try:
        with transaction.atomic():
            made = Stakeholder.objects.create(brief=brief, name=name, sector=Sector(sector), stake=Stake(stake))
    except IntegrityError as error:
        raise NotNow(_("“%(name)s” is there already with this part.") % {"name": name}, code="double") from error
    return Done(subject=made, scope=brief.pk)


@action("stakeholder.removed")
def remove_stakeholder(*, actor: Any, brief: Brief, stakeholder: Stakeholder) -> Done:
    may_edit(actor, brief)
    check_open_to_edits(brief)
    name = stakeholder.name
    stakeholder.delete()
    return Done(subject=brief, scope=brief.pk, data={"name": name})

"""A brief's own pages: beginning one, its home, its words, its people, its objectives."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User, normalise_email
from brief import actions, permissions, sdgs, trees
from brief.actions.concept_notes import concept_note_of
from brief.actions.sections import living, outline_of
from brief.forms import BriefForm, NewBriefForm, NewSectionForm, ObjectiveForm, RoleForm
from brief.models import Brief, Objective, Role
from brief.policies import check_open_to_edits
from brief.visibility import brief_for, briefs_for, section_of
from ledger.refusals import NotAllowed, Refusal, allowed, why_not
from ledger.slots import brief_links, brief_panels


def index(request: HttpRequest) -> HttpResponse:
    """The briefs on which I hold a role."""
    context = {
        "briefs": briefs_for(request.user).prefetch_related("organisations"),
        "may_begin": permissions.is_author_of_any(request.user),
    }
    return render(request, "brief/index.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Begin a brief."""
    if not permissions.is_author_of_any(request.user):
        raise NotAllowed(_("Only people of a publishing organisation can begin a brief."))
    form = NewBriefForm(
        request.POST or None, initial={"organisations": [getattr(request.user, "organisation_id", None)]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            brief = _create(request.user, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("The brief has begun. Add sections, or import a text."))
            return redirect("brief:home", brief.pk)
    return render(request, "brief/new.html", {"form": form})


def _create(user: Any, form: NewBriefForm) -> Brief:
    cleaned = form.cleaned_data
    fields = {name: cleaned[name] for name in ("subtitle", "scope", "audiences", "launch_from", "launch_to")}
    with transaction.atomic():
        brief: Brief = actions.create_brief(
            actor=user, title=cleaned["title"], organisations=cleaned["organisations"], **fields
        )
        for text in form.objective_lines():
            actions.add_objective(actor=user, brief=brief, text=text)
        actions.begin_concept_note(actor=user, brief=brief)
    return brief


def home(request: HttpRequest, brief: UUID) -> HttpResponse:
    """The brief's home: outline, objectives, people, versions, and what stands above."""
    found = brief_for(request.user, brief)
    sections = outline_of(found)
    context = {
        "brief": found,
        "sections": sections,
        "rows": trees.rows(request.user, found, sections),
        "words": sum(section.words for section in sections),
        "objectives": found.objectives.prefetch_related("sections"),
        "stakeholders": found.stakeholders.all(),
        "sdgs": sdgs.described(found.sdgs),
        "note": concept_note_of(found),
        "people": found.roles.select_related("user", "organisation").order_by("role", "id"),
        "publishers": found.publishers.select_related("organisation"),
        "versions": found.versions.all()[:5],
        "removed": found.sections.exclude(deleted_at=None),
        "links": sorted(brief_links.collect(request.user, found), key=lambda link: link.order),
        "panels": sorted(brief_panels.collect(request.user, found), key=lambda panel: panel.order),
        "section_form": NewSectionForm(),
        **may(request.user, found),
    }
    return render(request, "brief/home.html", context)


def may(user: Any, brief: Brief) -> dict[str, Any]:
    """What this person can do here, and the sentence that says why not."""
    return {
        "writes": permissions.may_now(permissions.write, user, brief),
        "reads_draft": allowed(permissions.read_draft, user, brief),
        "arranges": permissions.may_now(permissions.arrange, user, brief),
        "edits": permissions.may_now(permissions.edit_brief, user, brief),
        "gives_roles": allowed(permissions.give_roles, user, brief),
        "talks": allowed(permissions.talk, user, brief),
        "freezes": allowed(permissions.freeze, user, brief),
        "closed": why_not(check_open_to_edits, brief),
    }


def edit(request: HttpRequest, brief: UUID) -> HttpResponse:
    """The brief's words, window and imprint."""
    found = brief_for(request.user, brief)
    permissions.edit_brief(request.user, found)
    form = BriefForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        stored = brief_for(request.user, brief)
        actions.edit_brief(actor=request.user, brief=stored, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("brief:home", stored.pk)
    return render(request, "brief/edit.html", {"brief": found, "form": form})


def people(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Who holds which role, and giving one."""
    found = brief_for(request.user, brief)
    permissions.give_roles(request.user, found)
    form = RoleForm(request.POST or None, brief=found)
    if request.method == "POST" and form.is_valid():
        try:
            _give(request.user, found, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("The role is given."))
            return redirect("brief:people", found.pk)
    rows = found.roles.select_related("user", "organisation").order_by("role", "id")
    return render(request, "brief/people.html", {"brief": found, "form": form, "people": rows})


def _give(actor: Any, brief: Brief, cleaned: dict[str, Any]) -> None:
    with transaction.atomic():
        email = normalise_email(cleaned["email"])
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, cleaned["name"], organisation=cleaned["organisation"])
        actions.give_role(
            actor=actor, brief=brief, user=user, organisation=cleaned["organisation"], role=cleaned["role"]
        )


@require_POST
def take_role(request: HttpRequest, brief: UUID, role: int) -> HttpResponse:
    found = brief_for(request.user, brief)
    permissions.give_roles(request.user, found)
    held = Role.objects.filter(brief=found, pk=role).first()
    if held is None:
        raise Http404
    actions.take_role(actor=request.user, brief=found, role=held)
    messages.success(request, _("The role is taken away."))
    return redirect("brief:people", found.pk)


def objectives(request: HttpRequest, brief: UUID) -> HttpResponse:
    """The objectives, and which sections cover each."""
    found = brief_for(request.user, brief)
    permissions.edit_brief(request.user, found)
    form = ObjectiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_objective(actor=request.user, brief=found, text=form.cleaned_data["text"])
        return redirect("brief:objectives", found.pk)
    rows = found.objectives.prefetch_related("sections")
    context = {"brief": found, "form": form, "objectives": rows, "sections": living(found)}
    return render(request, "brief/objectives.html", context)


def _objective(brief: Brief, identifier: int) -> Objective:
    objective = Objective.objects.filter(brief=brief, pk=identifier).first()
    if objective is None:
        raise Http404
    return objective


@require_POST
def cover_objective(request: HttpRequest, brief: UUID, objective: int) -> HttpResponse:
    found = brief_for(request.user, brief)
    chosen = [section_of(found, UUID(value)) for value in request.POST.getlist("sections") if _is_uuid(value)]
    actions.cover_objective(actor=request.user, brief=found, objective=_objective(found, objective), sections=chosen)
    messages.success(request, _("Saved."))
    return redirect("brief:objectives", found.pk)


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@require_POST
def edit_objective(request: HttpRequest, brief: UUID, objective: int) -> HttpResponse:
    """Other words for an objective."""
    found = brief_for(request.user, brief)
    permissions.edit_brief(request.user, found)
    row, form = _objective(found, objective), ObjectiveForm(request.POST)
    if form.is_valid():
        actions.edit_objective(actor=request.user, brief=found, objective=row, text=form.cleaned_data["text"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("An objective needs words."))
    return redirect("brief:objectives", found.pk)


@require_POST
def remove_objective(request: HttpRequest, brief: UUID, objective: int) -> HttpResponse:
    found = brief_for(request.user, brief)
    actions.remove_objective(actor=request.user, brief=found, objective=_objective(found, objective))
    return redirect("brief:objectives", found.pk)

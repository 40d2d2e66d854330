"""What is kept and what is let go: periods, legal holds, people's records; and the way to one's own."""

from __future__ import annotations

import tempfile
from typing import IO, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import erasure
from accounts.export import export
from accounts.models import Erasure, User, normalise_email
from ledger import holds, once, retention
from ledger.forms import Form
from ledger.models import Event, Hold, Job
from ledger.people import briefs_of_person
from ledger.refusals import Hidden, Refusal, why_not

PEOPLE = 30


def _administrator(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.is_staff:
        raise Hidden(_("There is no such page."))
    return user


# --- periods ----------------------------------------------------------------------------------------


class PeriodForm(Form):
    days = forms.IntegerField(min_value=1, max_value=36_500, required=False)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def periods(request: HttpRequest) -> HttpResponse:
    """Every class of records, how long it is kept, and what went last night."""
    actor = _administrator(request)
    if request.method == "POST":
        form = PeriodForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Days are a whole number. Leave the field empty to keep records for ever."))
            return redirect("keeping_periods")
        try:
            retention.change(actor=actor, record_class=request.POST.get("class", ""), days=form.cleaned_data["days"])
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, _("Saved. It holds from the coming night on."))
        return redirect("keeping_periods")
    night = Event.objects.filter(verb="retention.applied").order_by("-id").first()
    went: dict[str, int] = night.data if night else {}
    rows = [(each, days, went.get(each.key, 0)) for each, days in retention.classes()]
    return render(request, "accounts/keeping/periods.html", {"rows": rows, "night": night})


# --- holds ------------------------------------------------------------------------------------------


class HoldForm(Form):
    """On one brief, or on one person by their address."""

    brief = forms.ChoiceField(label=gettext_lazy("Brief"), required=False)
    address = forms.EmailField(label=gettext_lazy("Or a person's e-mail address"), required=False)
    reason = forms.CharField(label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(str(pk), title) for pk, title in holds.briefs_to_hold.collect()]
        self.fields["brief"].choices = [("", _("No brief")), *found]  # type: ignore[attr-defined]

    def clean_address(self) -> User | None:
        address = normalise_email(self.cleaned_data["address"])
        person = User.objects.filter(email=address).first()
        if address and person is None:
            raise forms.ValidationError(_("Nobody here has this address."))
        return person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def all_holds(request: HttpRequest) -> HttpResponse:
    """Holds that stand and holds that were lifted; placing one."""
    actor = _administrator(request)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        brief = UUID(told["brief"]) if told["brief"] else None
        try:
            holds.place(actor=actor, reason=told["reason"], brief=brief, person=told["address"])
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("The hold stands. Nothing under it is removed until it is lifted."))
            return redirect("keeping_holds")
    titles = dict(holds.briefs_to_hold.collect())
    rows = Hold.objects.select_related("person", "placed_by", "lifted_by").order_by("-placed_at")[:200]
    listed = [(row, row.person or (titles.get(row.brief) if row.brief else "") or row.brief) for row in rows]
    context = {
        "form": form,
        "standing": [pair for pair in listed if not pair[0].lifted_at],
        "lifted": [pair for pair in listed if pair[0].lifted_at],
    }
    return render(request, "accounts/keeping/holds.html", context, status=200 if request.method != "POST" else 422)


@login_required
@require_POST
def lift(request: HttpRequest, hold: UUID) -> HttpResponse:
    actor = _administrator(request)
    holds.lift(actor=actor, hold=get_object_or_404(Hold, pk=hold), reason=request.POST.get("reason", ""))
    messages.success(request, _("The hold is lifted."))
    return redirect("keeping_holds")


# --- people -----------------------------------------------------------------------------------------


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Finding a person, and the erasures that wait for a second administrator."""
    _administrator(request)
    asked = request.GET.get("q", "").replace("\0", "").strip()
    found = User.objects.filter(former_number=None).select_related("organisation").order_by("email")
    if asked:
        found = found.filter(Q(email__icontains=asked) | Q(name__icontains=asked))
    waiting = Erasure.objects.filter(confirmed_at=None).select_related("user", "asked_by").order_by("asked_at")
    page = Paginator(found, PEOPLE).get_page(request.GET.get("page"))
    return render(request, "accounts/keeping/people.html", {"page_obj": page, "asked": asked, "waiting": waiting})


@login_required
@require_safe
def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """What can be done about one person's records, and what stands in the way."""
    actor = _administrator(request)
    found = get_object_or_404(User.objects.select_related("organisation"), pk=person)
    asked = Erasure.objects.filter(user=found).select_related("asked_by", "confirmed_by").order_by("-asked_at").first()
    job = Job.objects.filter(key=f"person.erase:{asked.pk}").first() if asked and asked.confirmed_at else None
    context = {
        "person": found,
        "asked": asked,
        "job": job,
        "refusal": why_not(erasure.check_may_be_erased, found),
        "is_own": found.pk == actor.pk,
        "briefs": len(set(briefs_of_person.collect(found))),
    }
    return render(request, "accounts/keeping/person.html", context)


ERASING = {
    "ask": (erasure.ask, gettext_lazy("Asked. Another administrator has to confirm it within two weeks.")),
    "confirm": (erasure.confirm, gettext_lazy("The account is closed, and the person is being forgotten.")),
    "cancel": (erasure.cancel, gettext_lazy("The request is taken back.")),
}


@login_required
@require_POST
def erase(request: HttpRequest, person: UUID) -> HttpResponse:
    """Ask, confirm or take back: ``act`` of the form."""
    actor = _administrator(request)
    found = get_object_or_404(User, pk=person)
    if request.POST.get("act") not in ERASING:
        raise Http404
    act, done = ERASING[request.POST["act"]]
    typed = {} if act is erasure.cancel else {"typed": request.POST.get("typed", "")}
    act(actor=actor, user=found, **typed)
    messages.success(request, str(done))
    return redirect("keeping_person", found.pk)


@login_required
@require_POST
def data(request: HttpRequest, person: UUID) -> FileResponse:
    """What is held about somebody, to be handed to them."""
    actor = _administrator(request)
    return _given(actor, get_object_or_404(User, pk=person))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: HttpRequest) -> HttpResponse | FileResponse:
    """What is held about me."""
    if request.method == "POST" and isinstance(request.user, User):
        return _given(request.user, request.user)
    return render(request, "accounts/data.html")


def _given(actor: User, user: User) -> FileResponse:
    # Asking twice gives it twice: a download may have been lost.
    once.take()
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 – the response closes it
    export(actor=actor, user=user, out=out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename="personal-data.zip", content_type="application/zip")

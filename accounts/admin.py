"""People, organisations and States in the administration. There are no passwords to set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import actions, second_factor
from accounts.models import Membership, Organisation, State, User, normalise_email
from ledger.forms import ModelForm
from ledger.refusals import Refusal

admin.site.site_header = admin.site.site_title = _("Countersign: administration")
admin.site.index_title = _("People, organisations, mail and work")
admin.site.site_url = "/desk/"
# There is one way in: the sign-in page, with its second factor.
admin.site.login_template = "404.html"


class PersonForm(ModelForm):
    """A person's record. Another address is asked for here and confirmed by another administrator in the list."""

    another_address = forms.EmailField(
        label=_("another e-mail address"),
        required=False,
        help_text=_("Who holds the address signs in as this person: another administrator has to confirm it."),
    )


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A person is invited by creating them: the address is all that signing in needs."""

    form = PersonForm
    about = ("name", "organisation", "zone", "is_active", "is_staff", "is_superuser")
    list_display = ("email", "name", "organisation", "is_active", "is_staff", "is_protected")
    list_filter = ("is_active", "is_staff", "organisation")
    list_select_related = ("organisation",)
    search_fields = ("email", "name")
    ordering = ("email",)

    actions = ("ask_reset", "confirm_reset", "confirm_address")

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("email", "another_address", *self.about) if obj else ("email", *self.about)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("email",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        factors = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=second_factor.FACTORS)
        people: QuerySet[User] = super().get_queryset(request).annotate(protected=Exists(factors))
        return people

    @admin.display(boolean=True, description=_("second factor"), ordering="protected")
    def is_protected(self, user: User) -> bool:
        return bool(getattr(user, "protected", False))

    @admin.action(description=_("Lost device: ask to reset the second factor"))
    def ask_reset(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._each(request, chosen, actions.ask_factor_reset, _("Asked. Another administrator has to confirm it."))

    @admin.action(description=_("Lost device: confirm the reset that another administrator asked for"))
    def confirm_reset(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._each(request, chosen, actions.confirm_factor_reset, _("The second factor is removed."))

    @admin.action(description=_("Confirm the e-mail address that another administrator asked for"))
    def confirm_address(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._each(request, chosen, actions.confirm_address_change, _("The address is changed."))

    def _each(
        self, request: HttpRequest, chosen: Iterable[User], act: Callable[..., object], done: str | Promise
    ) -> None:
        """Do it for each; a refusal is told with the person's address and stops nothing else."""
        for user in chosen:
            try:
                act(actor=request.user, user=user)
            except Refusal as refusal:
                self.message_user(request, f"{user.email}: {refusal.sentence}", messages.ERROR)
            else:
                self.message_user(request, f"{user.email}: {done}", messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: User, form: PersonForm, change: bool) -> None:
        if not change:
            obj.email = normalise_email(obj.email)
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if wanted := form.cleaned_data.get("another_address"):
            ask = partial(actions.ask_address_change, to=wanted)
            self._each(request, [obj], ask, _("Asked. Another administrator has to confirm it."))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Who was forgotten is not made somebody again: what a former member signed would become theirs."""
        return super().has_change_permission(request, obj) and not (obj and obj.former_number)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """What people did stays on record; an account is closed by making it inactive."""
        return False


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0
    autocomplete_fields = ("state",)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ModelForm
    list_display = ("name", "short_name", "sector")
    list_filter = ("sector",)
    search_fields = ("name", "short_name")
    # The base class declares it on instances, so it cannot be a ClassVar.
    prepopulated_fields = {"slug": ("short_name",)}
    inlines = (MembershipInline,)


@admin.register(State)
class StateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ModelForm
    list_display = ("code", "name")
    search_fields = ("code", "name")

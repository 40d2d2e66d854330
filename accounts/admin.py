"""People, organisations and States in the administration. There are no passwords to set."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.models import Membership, Organisation, State, User

admin.site.site_header = admin.site.site_title = _("Countersign: administration")
admin.site.index_title = _("People, organisations, mail and work")
admin.site.site_url = "/desk/"
# There is one way in: the sign-in page, with its second factor.
admin.site.login_template = "404.html"


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A person is invited by creating them: the address is all that signing in needs."""

    fields: ClassVar = ["email", "name", "organisation", "zone", "is_active", "is_staff", "is_superuser"]
    list_display: ClassVar = ["email", "name", "organisation", "is_active", "is_staff", "second_factor"]
    list_filter: ClassVar = ["is_active", "is_staff", "organisation"]
    list_select_related: ClassVar = ["organisation"]
    search_fields: ClassVar = ["email", "name"]
    ordering: ClassVar = ["email"]

    @admin.display(boolean=True, description=_("second factor"))
    def second_factor(self, user: User) -> bool:
        return second_factor.has_one(user)

    def save_model(self, request: HttpRequest, obj: User, form: object, change: bool) -> None:
        obj.email = obj.email.strip().lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """What people did stays on record; an account is closed by making it inactive."""
        return False


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0
    autocomplete_fields: ClassVar = ["state"]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display: ClassVar = ["name", "short_name", "sector"]
    list_filter: ClassVar = ["sector"]
    search_fields: ClassVar = ["name", "short_name"]
    prepopulated_fields: ClassVar = {"slug": ["short_name"]}
    inlines: ClassVar = [MembershipInline]


@admin.register(State)
class StateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display: ClassVar = ["code", "name"]
    search_fields: ClassVar = ["code", "name"]

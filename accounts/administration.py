"""The administration's site: our own records, and no library's.

allauth would register its tables here. With them one administrator alone could take a second factor away, connect a
single sign-on, or read from where and with which browser somebody signed in (DECISIONS, Second factor; TRUST 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.db.models.base import ModelBase

#: App labels whose tables are nobody's to look into or to change by hand.
CLOSED = frozenset({"account", "mfa", "socialaccount", "usersessions"})


class Site(AdminSite):
    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label not in CLOSED]
        super().register(ours, admin_class, **options)

from django.apps import AppConfig
from django.contrib.admin import apps as library


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from accounts import erasure, kept, notices, second_factor, sign_in
        from ledger import jobs, mail, people, retention

        mail.builders.register("sign_in_code", sign_in.letter)
        mail.builders.register("account_notice", notices.letter)
        jobs.handlers.register("person.erase", erasure.erase)
        retention.register(*kept.CLASSES)
        people.about_person.register(kept.about)
        people.erasing.register(kept.erase)
        authenticator_added.connect(second_factor.remember_added, dispatch_uid="accounts.second_factor")


class AdministrationConfig(library.AdminConfig):
    """Django's administration, on our own site."""

    default = False
    default_site = "accounts.administration.Site"

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import notices, sign_in
        from ledger import mail

        mail.builders.register("sign_in_code", sign_in.letter)
        mail.builders.register("account_notice", notices.letter)

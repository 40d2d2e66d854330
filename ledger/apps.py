from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ledger import jobs, mail, tasks

        jobs.handlers.register("mail", mail.send)
        jobs.on_hint(tasks.send)

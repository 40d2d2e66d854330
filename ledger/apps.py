from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ledger import hints, jobs, mail, tasks

        jobs.handlers.register("mail", mail.send)
        jobs.preparers.register("mail", mail.write)
        jobs.on_hint(hints.Messenger(tasks.send).tell)

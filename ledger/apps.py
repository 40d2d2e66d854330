from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ledger import hints, jobs, kept, mail, people, retention, tasks

        jobs.handlers.register("mail", mail.send)
        jobs.preparers.register("mail", mail.write)
        jobs.handlers.register("retention", retention.nightly)
        retention.register(*kept.CLASSES)
        people.about_person.register(kept.about)
        people.erasing.register(kept.erase)
        jobs.on_hint(hints.Messenger(tasks.send).tell)

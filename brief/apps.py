from django.apps import AppConfig


class BriefConfig(AppConfig):
    name = "brief"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from brief import jobs
        from brief.desk import waiting
        from ledger.jobs import handlers
        from ledger.slots import desk_items

        handlers.register("section.snapshot", jobs.snapshot)
        desk_items.register(waiting)

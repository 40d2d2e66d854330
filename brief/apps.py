from django.apps import AppConfig


class BriefConfig(AppConfig):
    name = "brief"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.demo import parts_played
        from accounts.policies import guarded_roles
        from brief import import_jobs, jobs, parts
        from brief.desk import happened, waiting
        from ledger.jobs import handlers
        from ledger.slots import desk_items

        handlers.register("section.snapshot", jobs.snapshot)
        handlers.register("section.anchors", jobs.advance_anchors)
        handlers.register("draft.read", import_jobs.read)
        desk_items.register(waiting)
        desk_items.register(happened)
        guarded_roles.register(parts.guarded)
        parts_played.register(parts.played)

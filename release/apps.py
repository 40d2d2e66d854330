from django.apps import AppConfig


class ReleaseConfig(AppConfig):
    name = "release"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from brief.policies import role_checks
        from ledger import mail, people, slots
        from ledger.jobs import handlers
        from release import desk, emails, jobs, kept, policies

        handlers.register("release.candidate", jobs.build_candidate)
        handlers.register("release.publish", jobs.publish)
        handlers.register("release.public_root", jobs.write_public_root)
        handlers.register("release.search", jobs.renew_search)
        mail.builders.register("sign_off_asked", emails.asked_letter)
        mail.builders.register("sign_off_receipt", emails.receipt_letter)
        mail.builders.register("release_news", emails.news_letter)
        mail.builders.register("embargo_set", emails.embargo_letter)
        slots.desk_items.register(desk.waiting)
        slots.brief_links.register(desk.links)
        role_checks.register(policies.role_sentences)
        people.about_person.register(kept.about)
        people.erasing.register(kept.erase)
        people.standing.register(kept.standing)

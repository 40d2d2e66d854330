from django.apps import AppConfig


class ReleaseConfig(AppConfig):
    name = "release"
    default_auto_field = "django.db.models.BigAutoField"

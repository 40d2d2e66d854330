from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """An app only so that its management commands and templates are found."""

    name = "config"

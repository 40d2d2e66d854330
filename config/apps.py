from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """An app only so that its management commands and templates are found."""

    name = "config"

    def ready(self) -> None:
        from document import sandbox
        from ledger import metrics

        sandbox.watchers.append(metrics.observe_conversion)

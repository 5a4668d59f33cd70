from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "leadrouting.sla"

    def ready(self) -> None:
        from leadrouting.sla import receivers  # noqa: F401  connects

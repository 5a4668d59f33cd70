from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "leadrouting.sla"
    verbose_name = "SLA"

    def ready(self) -> None:
        from leadrouting.sla import (
            dues,
            receivers,  # noqa: F401  connects
        )

        dues.register_all()

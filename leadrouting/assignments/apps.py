from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "leadrouting.assignments"
    verbose_name = "Routing"

    def ready(self) -> None:
        from leadrouting.assignments import receivers  # noqa: F401  connects

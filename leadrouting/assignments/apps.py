from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "leadrouting.assignments"
    verbose_name = "Routing"

    def ready(self) -> None:
        from leadrouting.assignments import receivers  # noqa: F401  connects
        from leadrouting.assignments.scoring import score
        from leadrouting.leads.scoring import scoring

        scoring.connect(score, dispatch_uid="assignments.score")

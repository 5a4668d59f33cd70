from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TeamsConfig(AppConfig):
    name = "leadrouting.teams"
    verbose_name = "People and hours"

    def ready(self) -> None:
        from leadrouting.teams.ground import lay_ground

        post_migrate.connect(lay_ground, sender=self, dispatch_uid="teams.lay_ground")

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class HouseConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import schedules

        post_migrate.connect(
            schedules.after_migrate, sender=apps.get_app_config("django_q"), dispatch_uid="config.schedules"
        )

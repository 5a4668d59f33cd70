from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "leadrouting.notifications"

    def ready(self) -> None:
        from leadrouting.notifications import receivers  # noqa: F401  connects

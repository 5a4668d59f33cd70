from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "leadrouting.notifications"

    def ready(self) -> None:
        from leadrouting.notifications import receivers  # noqa: F401  connects
        from leadrouting.sla.pulse import Due, register

        register(
            Due(
                name="outbox",
                task="leadrouting.notifications.tasks.deliver_outbox",
                queue="default",
                statement="SELECT min(send_at) FROM notifications_message WHERE sent_at IS NULL",
            )
        )

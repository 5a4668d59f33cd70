from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "leadrouting.notifications"

    def ready(self) -> None:
        from leadrouting.notifications import receivers  # noqa: F401  connects
        from leadrouting.notifications.channels import register
        from leadrouting.notifications.channels.chat import Chat
        from leadrouting.notifications.channels.email import Email
        from leadrouting.notifications.channels.push import Push
        from leadrouting.notifications.channels.sms import Sms
        from leadrouting.notifications.channels.whatsapp import WhatsApp
        from leadrouting.notifications.digests import DUE as HELD
        from leadrouting.notifications.hooks import receivers as hooks  # noqa: F401  connects
        from leadrouting.notifications.hooks import sending as webhooks
        from leadrouting.notifications.sequences.stepping import DUE as STEPS
        from leadrouting.notifications.spreading import DUE
        from leadrouting.notifications.todo.reminding import DUE as TASKS
        from leadrouting.sla import pulse

        pulse.register(
            pulse.Due("outbox", "leadrouting.notifications.tasks.spread_outbox", "outbox", statement=DUE)
        )
        pulse.register(
            pulse.Due("outbox held", "leadrouting.notifications.tasks.release_held", "outbox", statement=HELD)
        )
        pulse.register(
            pulse.Due(
                "outbox tasks", "leadrouting.notifications.tasks.remind_of_tasks", "outbox", statement=TASKS
            )
        )
        pulse.register(
            pulse.Due("outbox steps", "leadrouting.notifications.tasks.take_steps", "outbox", statement=STEPS)
        )
        for channel in (Email(), Push(), Chat(), WhatsApp(), Sms()):
            register(channel)
        pulse.register(
            pulse.Due(
                "outbox hooks",
                "leadrouting.notifications.hooks.tasks.send_hooks",
                "outbox",
                statement=webhooks.DUE,
            )
        )

"""The product's messages with short patience, so that a test need not wait for the work of the dead."""

from datetime import timedelta

from django.apps import AppConfig

SHORT = timedelta(seconds=2)


class HurriedConfig(AppConfig):
    name = "tests.chaos.hurried"

    def ready(self) -> None:
        from leadrouting.notifications import lanes, sending
        from leadrouting.notifications.hooks import recording
        from leadrouting.notifications.hooks import sending as hooks

        lanes.LEASE = sending.LEASE = hooks.LEASE = SHORT
        sending.FIRST_PAUSE = recording.FIRST_PAUSE = timedelta(seconds=1)

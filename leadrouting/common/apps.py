from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "leadrouting.common"

    def ready(self) -> None:
        from leadrouting.common.tongue import Active
        from leadrouting.engine.tongue import speak

        speak(Active())

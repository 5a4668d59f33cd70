from django.apps import AppConfig

from leadrouting.sla.pulse import Due, register


class BellsConfig(AppConfig):
    name = "tests.sla.bells"

    def ready(self) -> None:
        for queue in ("pulse", "default"):
            register(
                Due(
                    name=f"{queue} bells",
                    task=f"tests.sla.bells.tasks.strike_{queue}",
                    queue=queue,
                    statement=f"SELECT min(due_at) FROM bell WHERE queue = '{queue}' AND struck_at IS NULL",
                )
            )

from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "leadrouting.rules"

    def ready(self) -> None:
        from leadrouting.leads.signals import attributes_in_use
        from leadrouting.rules import receivers  # noqa: F401  connects
        from leadrouting.rules.uses import told_uses

        attributes_in_use.connect(told_uses, dispatch_uid="rules.told_uses")

from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "leadrouting.rules"

    def ready(self) -> None:
        from leadrouting.leads.signals import attributes_in_use
        from leadrouting.rules import receivers  # noqa: F401  connects
        from leadrouting.rules.naming import told_places
        from leadrouting.rules.uses import told_uses
        from leadrouting.teams.signals import rep_in_use

        attributes_in_use.connect(told_uses, dispatch_uid="rules.told_uses")
        rep_in_use.connect(told_places, dispatch_uid="rules.told_places")

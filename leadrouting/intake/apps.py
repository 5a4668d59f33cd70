from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "leadrouting.intake"

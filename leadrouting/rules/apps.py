from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "leadrouting.rules"

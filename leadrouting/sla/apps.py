from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "leadrouting.sla"

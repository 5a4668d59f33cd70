from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "leadrouting.analytics"

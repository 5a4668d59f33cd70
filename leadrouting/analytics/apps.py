from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "leadrouting.analytics"
    verbose_name = "Results"

from django.apps import AppConfig
from django.db.models.signals import pre_delete


class LeadsConfig(AppConfig):
    name = "leadrouting.leads"

    def ready(self) -> None:
        from leadrouting.leads.attributes.defining import keep_if_used
        from leadrouting.leads.models import Attribute

        pre_delete.connect(keep_if_used, Attribute, dispatch_uid="leads.keep_if_used")

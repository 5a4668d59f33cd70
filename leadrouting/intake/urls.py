"""What is open to the outside."""

from django.urls import re_path

from leadrouting.intake.readers import READERS
from leadrouting.intake.views.webhooks import Webhook

app_name = "intake"


SYSTEMS = "|".join(READERS)

urlpatterns = [
    re_path(rf"^intake/(?P<kind>{SYSTEMS})/$", Webhook.as_view(), name="webhook"),
    re_path(rf"^intake/(?P<kind>{SYSTEMS})/(?P<key>[-\w]+)/$", Webhook.as_view(), name="webhook_of"),
]

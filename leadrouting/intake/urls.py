"""What is open to the outside."""

from django.urls import path, re_path

from leadrouting.intake.models import Kind
from leadrouting.intake.readers import READERS
from leadrouting.intake.views.forms import FormPage, Thanks
from leadrouting.intake.views.leaving import Unsubscribe
from leadrouting.intake.views.links import follow
from leadrouting.intake.views.meet import meet
from leadrouting.intake.views.webhooks import Webhook

app_name = "intake"


SYSTEMS = "|".join(kind for kind in READERS if kind not in (Kind.FORM, Kind.EMAIL))

urlpatterns = [
    path("intake/forms/<slug:key>/", FormPage.as_view(), name="form"),
    path("intake/forms/<slug:key>/thanks/", Thanks.as_view(), name="thanks"),
    path("go/<slug:key>/", follow, name="go"),
    path("u/<str:token>/", Unsubscribe.as_view(), name="unsubscribe"),
    path("meet/<slug:token>/", meet, name="meet"),
    re_path(rf"^intake/(?P<kind>{SYSTEMS})/$", Webhook.as_view(), name="webhook"),
    re_path(rf"^intake/(?P<kind>{SYSTEMS})/(?P<key>[-\w]+)/$", Webhook.as_view(), name="webhook_of"),
]

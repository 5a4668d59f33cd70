"""The API's paths, and the probes at the root."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from leadrouting.api.views.activities import Activities
from leadrouting.api.views.attributes import Attributes
from leadrouting.api.views.decisions import Decisions
from leadrouting.api.views.deliveries import Again, Deliveries, Delivery
from leadrouting.api.views.kpis import KpiView
from leadrouting.api.views.leads import Leads
from leadrouting.api.views.leaving import Leaving
from leadrouting.api.views.pages import Docs, Nothing, Schema
from leadrouting.api.views.preview import PreviewView
from leadrouting.api.views.probes import Healthz, Readyz
from leadrouting.api.views.queues import Queues, TakeNext
from leadrouting.api.views.reps import Me, Reps
from leadrouting.api.views.rule_sets import RuleSets
from leadrouting.api.views.tasks import Tasks
from leadrouting.api.views.webhooks import Webhooks

app_name = "api"

router = SimpleRouter(use_regex_path=False)
router.register("leads", Leads, basename="lead")
router.register("decisions", Decisions, basename="decision")
router.register("rule-sets", RuleSets, basename="rule-set")
router.register("tasks", Tasks, basename="task")
router.register("webhooks", Webhooks, basename="webhook")

version_1 = [
    *router.urls,
    path("routing/preview/", PreviewView.as_view(), name="preview"),
    path("activities/", Activities.as_view(), name="activities"),
    path("attributes/", Attributes.as_view(), name="attributes"),
    path("queues/", Queues.as_view(), name="queues"),
    path("queues/<int:pk>/take-next/", TakeNext.as_view(), name="take_next"),
    path("reps/", Reps.as_view(), name="reps"),
    path("reps/me/", Me.as_view(), name="me"),
    path("reps/<int:pk>/leave/", Leaving.as_view(), name="leave"),
    path("webhooks/<int:pk>/deliveries/", Deliveries.as_view(), name="deliveries"),
    path("webhooks/<int:pk>/deliveries/<int:delivery>/", Delivery.as_view(), name="delivery"),
    path("webhooks/<int:pk>/deliveries/<int:delivery>/again/", Again.as_view(), name="delivery_again"),
    path("analytics/kpis/", KpiView.as_view(), name="kpis"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    re_path(r"^[\s\S]*$", Nothing.as_view()),
]

urlpatterns = [
    path("api/v1/", include(version_1)),
    path("healthz", Healthz.as_view(), name="healthz"),
    path("readyz", Readyz.as_view(), name="readyz"),
]

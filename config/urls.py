"""Which room answers which path."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("leadrouting.api.urls")),
    path("", include("leadrouting.intake.urls")),
    path("", include("leadrouting.workspace.urls")),
]

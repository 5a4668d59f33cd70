"""The admin is the room of sales ops: who may enter, and the pages that belong to no single app."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from unfold.sites import UnfoldAdminSite


class OpsSite(UnfoldAdminSite):
    site_title = site_header = "Leadrouting"
    index_title = "Today"
    index_template = "admin/today/index.html"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Active sales ops and superusers. `is_staff` plays no part."""
        user = request.user
        return user.is_authenticated and user.is_active and user.is_ops

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One log-in page for everybody; who is logged in and not sales ops is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied("The admin is for sales ops.")
        return redirect_to_login(request.GET.get("next") or "/admin/")

    def extra_urls(self) -> list[URLPattern]:
        from config import dashboard, mailbox

        return [
            path("today/", self.admin_view(dashboard.live_part), name="today"),
            path("mailbox/", self.admin_view(mailbox.mailbox), name="mailbox"),
            path("mailbox/<str:name>/", self.admin_view(mailbox.mail), name="mail"),
        ]

"""Tokens of services and people, in the admin's own dress."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from rest_framework.authtoken import admin as tokens
from rest_framework.authtoken.models import TokenProxy
from unfold.decorators import display

from leadrouting.common.console import OpsAdmin

admin.site.unregister(TokenProxy)


@admin.register(TokenProxy)
class TokenAdmin(tokens.TokenAdmin, OpsAdmin):
    """The list shows the start of each key, the page all of it. A new key: delete the old token, add another."""

    list_display = ["user", "start_of_key", "created"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__username"]
    ordering = ["-created"]
    fields = ["user"]

    def has_change_permission(self, request: HttpRequest, obj: TokenProxy | None = None) -> bool:
        return False

    @display(description="Token")
    def start_of_key(self, token: TokenProxy) -> str:
        return f"{token.key[:6]}…"

    def response_add(
        self, request: HttpRequest, obj: TokenProxy, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, f"The token of {obj.user} is {obj.key}.")
        return super().response_add(request, obj, post_url_continue)

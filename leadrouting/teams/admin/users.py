"""Who logs in. Sales ops manage everybody but superusers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from leadrouting.common.console import OpsAdmin
from leadrouting.teams.admin.fields import ZoneField
from leadrouting.teams.models import User

admin.site.unregister(Group)  # what people may do follows from their role


class AddUser(UserCreationForm):
    time_zone = ZoneField(initial="UTC")


class ChangeUser(UserChangeForm):
    time_zone = ZoneField()


@admin.register(User)
class UserAdmin(DjangoUserAdmin, OpsAdmin):
    form = ChangeUser
    add_form = AddUser
    change_password_form = AdminPasswordChangeForm
    list_display = ["name", "username", "email", "shown_role", "active", "can_log_in", "last_login"]
    list_filter = ["role", "is_active"]
    list_filter_submit = True
    search_fields = ["name", "username", "email"]
    ordering = ["name", "id"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["name", "email", "role", "time_zone", "may_subscribe", "is_active"]}),
        ("Log-in", {"fields": ["username", "password", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "email", "role", "time_zone", "may_subscribe"]}),
        ("Log-in", {"fields": ["username", "usable_password", "password1", "password2"]}),
    ]

    @display(
        description="Role",
        ordering="role",
        label={"Sales ops": "primary", "Manager": "info", "Rep": "success", "Service": "warning"},
    )
    def shown_role(self, user: User) -> str:
        return user.get_role_display()

    @display(description="Password set", boolean=True)
    def can_log_in(self, user: User) -> bool:
        return bool(user.password) and user.has_usable_password()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not self.is_above(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what a person did stays with their name. Take `active` off instead."""
        return False

    def is_above(self, request: HttpRequest, obj: User | None) -> bool:
        return isinstance(obj, User) and obj.is_superuser and not request.user.is_superuser

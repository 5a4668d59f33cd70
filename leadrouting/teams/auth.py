"""What each role may do, in one place."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from leadrouting.teams.models import User


class RoleBackend(ModelBackend):
    """Sales ops may do everything in the admin but touch superusers; nobody else may do anything there.

    Which rows a person sees is said by the querysets' `visible_to(user)`.
    """

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Any = None) -> bool:
        if may_all(user_obj):
            return True
        return super().has_perm(user_obj, perm, obj)

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        return may_all(user_obj) or super().has_module_perms(user_obj, app_label)


def may_all(user: User | AnonymousUser) -> bool:
    return isinstance(user, User) and user.is_active and user.is_ops


def caller(request: HttpRequest) -> User:
    """Who asks, for what only somebody with a log-in can reach. Raises PermissionDenied for anybody else."""
    if not isinstance(request.user, User):
        raise PermissionDenied(_("Log in first."))
    return request.user

"""What each role may do, in one place."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from leadrouting.teams.models import User


class RoleBackend(ModelBackend):
    """Sales ops may do everything in the admin but touch superusers; nobody else may do anything there.

    Which rows a person sees is said by the querysets' `visible_to(user)`.
    """

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        if user_obj.is_active and user_obj.is_authenticated and user_obj.is_ops:
            return True
        return super().has_perm(user_obj, perm, obj)

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return (user_obj.is_active and user_obj.is_ops) or super().has_module_perms(user_obj, app_label)

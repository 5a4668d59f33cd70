"""Who may open a page: the role first; which rows it shows is said by `visible_to`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from leadrouting.teams.models import User

View = Callable[..., HttpResponse]

PEOPLE = (User.Role.REP, User.Role.MANAGER, User.Role.OPS)
LEADERS = (User.Role.MANAGER, User.Role.OPS)


def role_of(user: User) -> str:
    """The role that counts: superusers are sales ops."""
    return User.Role.OPS if user.is_ops else user.role


def page(*roles: str) -> Callable[[View], View]:
    """For people of these roles. Others get a 403, visitors the log-in page, also when htmx asks.

    Pages are never cached: going back shows what is true now, and fragments never pass for pages.
    """

    def decorate(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_login(request)
            if role_of(request.user) not in roles:
                raise PermissionDenied("This page is not for your role.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def to_login(request: HttpRequest) -> HttpResponse:
    """The log-in page, and from there back to where the person was."""
    here = request.htmx.current_url_abs_path if request.htmx else request.get_full_path()
    address = f"{resolve_url('login')}?{urlencode({'next': here or '/'})}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)

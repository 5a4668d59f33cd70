"""Who may open a page: the role first; which rows it shows is said by `visible_to`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from leadrouting.teams.models import User
from leadrouting.teams.presence import seen
from leadrouting.workspace.asking import PageRequest, PersonRequest, has_person

Given = ParamSpec("Given")
View = Callable[Concatenate[PageRequest, Given], HttpResponse]
PersonView = Callable[Concatenate[PersonRequest, Given], HttpResponse]

PEOPLE = (User.Role.REP, User.Role.MANAGER, User.Role.OPS)
LEADERS = (User.Role.MANAGER, User.Role.OPS)


def role_of(user: User) -> str:
    """The role that counts: superusers are sales ops."""
    return User.Role.OPS if user.is_ops else user.role


def page(*roles: str) -> Callable[[PersonView[Given]], View[Given]]:
    """For people of these roles. Others get a 403, visitors the log-in page, also when htmx asks.

    Pages are never cached: going back shows what is true now, and fragments never pass for pages. A rep's open
    pages ask for news all the time: so long the rep counts as present.
    """

    def decorate(view: PersonView[Given]) -> View[Given]:
        @never_cache
        @wraps(view)
        def guarded(request: PageRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
            if not has_person(request):
                return to_login(request)
            if role_of(request.user) not in roles:
                raise PermissionDenied(_("This page is not for your role."))
            if request.user.role == User.Role.REP:
                seen(request.user.pk, timezone.now())
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def sent_to(home: str) -> Callable[[PersonView[Given]], PersonView[Given]]:
    """For what is only ever posted. Who comes otherwise (reloading, after logging in) lands on `home`."""

    def decorate(view: PersonView[Given]) -> PersonView[Given]:
        @wraps(view)
        def posted(request: PersonRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
            return view(request, *args, **kwargs) if request.method == "POST" else redirect(home)

        return posted

    return decorate


def to_login(request: PageRequest) -> HttpResponse:
    """The log-in page, and from there back to where the person was."""
    here = request.htmx.current_url_abs_path if request.htmx else request.get_full_path()
    address = f"{resolve_url('login')}?{urlencode({'next': here or '/'})}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)

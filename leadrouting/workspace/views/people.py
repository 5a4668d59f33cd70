"""Logging in, the way home, presence."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from leadrouting.teams.availability import set_presence
from leadrouting.teams.models import PresenceChange, Rep, User
from leadrouting.workspace.access import page, role_of, to_login
from leadrouting.workspace.asking import PageRequest, PersonRequest, has_person

HOMES: dict[str, str] = {User.Role.REP: "leads", User.Role.MANAGER: "team", User.Role.OPS: "admin:index"}


def demo_logins() -> list[tuple[str, str, str]]:
    """(label, user name, password) of the demo's people; nobody outside the demo."""
    return list(settings.DEMO_LOGINS) if settings.DEMO else []


class LogIn(LoginView):
    template_name = "workspace/login.html"
    redirect_authenticated_user = True
    extra_context = {"demo_logins": demo_logins}


@never_cache
def home(request: PageRequest) -> HttpResponse:
    """To the page that somebody's role works on."""
    if not has_person(request):
        return to_login(request)
    role = role_of(request.user)
    if role in HOMES:
        return redirect(HOMES[role])
    return render(request, "workspace/no_pages.html", status=403)


@require_POST
@page(User.Role.REP)
def presence(request: PersonRequest) -> HttpResponse:
    """Set one's own presence, and stay on the page."""
    wanted = request.POST.get("presence", "")
    if wanted not in Rep.Presence.values:
        messages.error(request, "Choose available, busy or away.")
    elif not Rep.objects.filter(pk=request.user.pk).exists():
        messages.error(request, "You get no leads yet: sales ops must add you to a team first.")
    else:
        user, cause = request.user, PresenceChange.Cause.SELF
        set_presence(rep_id=user.pk, presence=wanted, cause=cause, by=user, now=timezone.now())
        messages.success(request, SAID[Rep.Presence(wanted)])
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "home")


SAID = {
    Rep.Presence.AVAILABLE: "You are available: new leads reach you in your office hours.",
    Rep.Presence.BUSY: "You are busy: no new leads until you are available again.",
    Rep.Presence.AWAY: "You are away: no new leads until you are available again.",
}

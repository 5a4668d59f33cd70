"""Logging in, the way home, presence."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from leadrouting.teams.availability import set_for, set_presence
from leadrouting.teams.models import PresenceChange, Rep, User
from leadrouting.workspace import watch
from leadrouting.workspace.access import LEADERS, page, role_of, sent_to, to_login
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


@page(User.Role.REP)
@sent_to("home")
def presence(request: PersonRequest) -> HttpResponse:
    """Set one's own presence, and stay on the page."""
    wanted = request.POST.get("presence", "")
    if wanted not in Rep.Presence.values:
        messages.error(request, CHOOSE)
    elif not Rep.objects.filter(pk=request.user.pk).exists():
        messages.error(request, _("You get no leads yet: sales ops must add you to a team first."))
    else:
        user, cause = request.user, PresenceChange.Cause.SELF
        set_presence(rep_id=user.pk, presence=wanted, cause=cause, by=user, now=timezone.now())
        messages.success(request, SAID[Rep.Presence(wanted)])
    return redirect(back_to(request, "home"))


@page(*LEADERS)
@sent_to("team")
def presence_of(request: PersonRequest, rep_id: int) -> HttpResponse:
    """Set the presence of somebody in one's teams. The rep is told, and reads on every page who did it."""
    reps = Rep.objects.filter(team__in=watch.teams_of(request.user)).select_related("user", "team")
    rep, wanted = get_object_or_404(reps, pk=rep_id), request.POST.get("presence", "")
    if wanted not in Rep.Presence.values:
        messages.error(request, CHOOSE)
    elif not rep.is_active:
        messages.error(
            request,
            _("{rep} is switched off and gets no leads. Sales ops can switch {rep} on again.").format(
                rep=rep
            ),
        )
    else:
        chosen = Rep.Presence(wanted)
        if set_for(rep=rep, presence=wanted, by=request.user, now=timezone.now()):
            messages.success(request, OF_OTHERS[chosen].format(rep=rep))
        else:
            messages.info(request, ALREADY[chosen].format(rep=rep))
    return redirect(back_to(request, "team"))


def back_to(request: PersonRequest, otherwise: str) -> str:
    """The page that the form was on, as it says itself, if that is one of ours."""
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours else otherwise


CHOOSE = gettext_lazy("Choose available, busy or away.")
SAID = {
    Rep.Presence.AVAILABLE: gettext_lazy("You are available: new leads reach you in your office hours."),
    Rep.Presence.BUSY: gettext_lazy("You are busy: no new leads until you are available again."),
    Rep.Presence.AWAY: gettext_lazy("You are away: no new leads until you are available again."),
}
OF_OTHERS = {
    Rep.Presence.AVAILABLE: gettext_lazy(
        "{rep} is available now, and has been told. New leads come in the rep’s office hours."
    ),
    Rep.Presence.BUSY: gettext_lazy("{rep} is busy now, and has been told. New leads go to others."),
    Rep.Presence.AWAY: gettext_lazy("{rep} is away now, and has been told. New leads go to others."),
}
ALREADY = {
    Rep.Presence.AVAILABLE: gettext_lazy("{rep} was available already. Nothing has changed."),
    Rep.Presence.BUSY: gettext_lazy("{rep} was busy already. Nothing has changed."),
    Rep.Presence.AWAY: gettext_lazy("{rep} was away already. Nothing has changed."),
}

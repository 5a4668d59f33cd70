"""How pages show instants, icons and the head of the page. Times are in the zone of who looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from leadrouting.notifications.models import Message
from leadrouting.teams.availability import set_by_others
from leadrouting.teams.models import PresenceChange, Rep, User
from leadrouting.workspace import carrying, todo
from leadrouting.workspace.watch import midnight

register = template.Library()
register.filter("room", carrying.room)

SOON = timedelta(minutes=15)
MANY = 99


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the sprite in `workspace/icons.html`. Decoration: what it means is said in words beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"></use></svg>', name)


@register.simple_tag(takes_context=True)
def when(context: Any, at: datetime | None) -> SafeString | str:
    """The time today, weekday and time within a week, else the date; all of it on hover."""
    if at is None:
        return "–"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), in_full(at), brief(at, context["now"])
    )


@register.simple_tag(takes_context=True)
def countdown(context: Any, due_at: datetime) -> SafeString:
    """What is left until the deadline. The script of the page counts on; without it the text stays true to `now`."""
    now = context["now"]
    left = due_at - now
    tone = "late" if left <= timedelta(0) else "soon" if left <= SOON else "calm"
    return format_html(
        '<time class="due {}" datetime="{}" data-due="{}" title="Due {}">{}</time>',
        tone,
        due_at.isoformat(),
        milliseconds(due_at),
        in_full(due_at),
        remaining(left),
    )


@register.simple_tag(takes_context=True)
def age(context: Any, at: datetime) -> SafeString:
    """How long ago: 40 s, 12 min, 3 h, 2 d."""
    past = max(context["now"] - at, timedelta(0))
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), in_full(at), rough(past))


def in_full(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({timezone.get_current_timezone_name()})"


def brief(at: datetime, now: datetime) -> str:
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if abs((local.date() - today).days) < 7:
        return f"{local:%a %H:%M}"
    return f"{local.day} {local:%b}" if local.year == today.year else f"{local.day} {local:%b %Y}"


def remaining(left: timedelta) -> str:
    """ "4:05" minutes and seconds, "3 h 05 m", "2 d 4 h"; past the deadline "4:05 over"."""
    over = " over" if left < timedelta(0) else ""
    seconds = abs(int(left.total_seconds()))
    minutes, hours = seconds // 60, seconds // 3600
    if seconds < 3600:
        return f"{minutes}:{seconds % 60:02}{over}"
    if hours < 24:
        return f"{hours} h {minutes % 60:02} m{over}"
    return f"{hours // 24} d {hours % 24} h{over}"


@register.filter("span")
def rough(past: timedelta) -> str:
    seconds = int(past.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


@register.simple_tag(takes_context=True)
def unread(context: Any) -> dict[str, Any]:
    """How many messages wait, and the newest of them: one query."""
    user = context["request"].user
    waiting = list(Message.objects.filter(recipient=user, read_at=None).only("pk", "subject")[: MANY + 1])
    return {
        "count": len(waiting),
        "shown": f"{MANY}+" if len(waiting) > MANY else str(len(waiting)),
        "newest": waiting[0] if waiting else None,
    }


@register.simple_tag(takes_context=True)
def own_rep(context: Any) -> Rep | None:
    """The rep that is logged in, with how many tasks are due today; None for everybody else."""
    user = context["request"].user
    if user.role != User.Role.REP:
        return None
    due = todo.how_many(midnight(timezone.now(), days=1))
    return Rep.objects.select_related("load").annotate(tasks_due=due).filter(pk=user.pk).first()


@register.simple_tag
def set_away_by(rep: Rep | None) -> PresenceChange | None:
    """Who else says that the rep is busy or away; asks nothing for who is available."""
    return set_by_others(rep) if rep is not None else None


@register.filter
def unlocalised(amount: float) -> str:
    """As SVG wants it, whatever the language."""
    return f"{amount:g}"


@register.filter
def behind(amount: float) -> float:
    return -amount


@register.filter
def milliseconds(at: datetime) -> int:
    """Since 1970, as scripts count: the page's script sets its clock by it."""
    return int(at.timestamp() * 1000)


@register.filter
def initials(name: object) -> str:
    words = str(name).split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"

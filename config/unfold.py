"""How the admin looks and how it is grouped, in the words of sales ops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy


def item(title: str, icon: str, name: str, *also: str) -> dict[str, Any]:
    """One line of the sidebar; it is also lit on the pages whose paths begin with `also`."""
    link = reverse_lazy(f"admin:{name}")
    return {"title": title, "icon": icon, "link": link, "active": lit(link, *also)}


def lit(link: Any, *also: str) -> Callable[[HttpRequest], bool]:
    def active(request: HttpRequest) -> bool:
        home = str(link)
        if home == reverse("admin:index"):
            return request.path == home
        return any(request.path.startswith(start) for start in (home, *also)) and not longer(request, home)

    return active


def longer(request: HttpRequest, home: str) -> bool:
    """Trying a lead and the pages about a rule set lie below the path of decisions, and do not light it."""
    return home == str(DECISIONS) and request.path.startswith((str(TRY), ABOUT_RULES))


DECISIONS = reverse_lazy("admin:assignments_decision_changelist")
ABOUT_RULES = "/admin/assignments/decision/rules/"
TRY = reverse_lazy("admin:assignments_decision_try")

NAVIGATION = [
    {
        "items": [
            item("Today", "today", "index"),
            item("Try a lead", "science", "assignments_decision_try"),
        ],
    },
    {
        "title": "Leads",
        "separator": True,
        "items": [
            item("Leads", "inbox", "leads_lead_changelist"),
            item("Import", "upload_file", "intake_importrun_changelist", "/admin/intake/importsource/"),
            item("Decisions", "alt_route", "assignments_decision_changelist"),
            item("Disputes", "gavel", "assignments_dispute_changelist", "/admin/assignments/feedback/"),
            item("Replays", "replay", "assignments_replay_changelist"),
            item("Bulk re-routing", "shuffle", "assignments_rerouting_changelist"),
            item("Duplicates", "join", "leads_suspect_changelist", "/admin/assignments/merge/"),
            item("Clocks", "timer", "sla_clock_changelist", "/admin/sla/escalation/"),
        ],
    },
    {
        "title": "Rules",
        "separator": True,
        "items": [
            item(
                *("Rule sets", "rule", "rules_ruleset_changelist"),
                *("/admin/rules/rule/", "/admin/rules/version/", ABOUT_RULES),
            ),
            item("Lead score", "leaderboard", "rules_scorerule_changelist", "/admin/rules/tier/"),
            item("SLA policies", "hourglass_top", "sla_policy_changelist"),
        ],
    },
    {
        "title": "People and hours",
        "separator": True,
        "items": [
            item("Teams", "groups", "teams_team_changelist"),
            item("Reps", "person", "teams_rep_changelist"),
            item("Skills", "school", "teams_skill_changelist"),
            item("Ramp-up and quotas", "trending_up", "teams_shareplan_changelist"),
            item("Pools", "workspaces", "teams_pool_changelist"),
            item("Queues", "stacks", "teams_queue_changelist"),
            item("Decline reasons", "thumb_down", "leads_declinereason_changelist"),
            item("Office hours", "schedule", "teams_officehours_changelist", "/admin/teams/holiday/"),
            item("Territories", "public", "teams_territory_changelist"),
        ],
    },
    {
        "title": "Where leads come from",
        "separator": True,
        "items": [
            item("Campaigns", "campaign", "leads_campaign_changelist"),
            item("Forms", "dynamic_form", "intake_form_changelist"),
            item("Connections", "webhook", "intake_connection_changelist"),
            item("Mailboxes", "mail", "intake_mailbox_changelist"),
            item("Deliveries", "move_to_inbox", "intake_delivery_changelist"),
            item("Sources", "hub", "leads_source_changelist"),
            item("Data quality", "fact_check", "leads_mending_quality", "/admin/leads/mending/"),
            item("Accounts", "domain", "leads_account_changelist"),
            item("Custom attributes", "new_label", "leads_attribute_changelist"),
        ],
    },
    {
        "title": "Results",
        "separator": True,
        "items": [
            item("Reports", "monitoring", "analytics_rebalancereport_changelist"),
        ],
    },
    {
        "title": "Messages",
        "separator": True,
        "items": [
            item("Workflows", "account_tree", "notifications_workflow_changelist"),
            item("Sequences", "timeline", "notifications_sequence_changelist"),
            item("Leads in sequences", "conversion_path", "notifications_enrolment_changelist"),
            item("Messages", "outbox", "notifications_message_changelist"),
            item("Sending", "send", "notifications_dispatch_changelist"),
            {
                **item("Mailbox of this demo", "mark_email_read", "mailbox"),
                "permission": "config.mailbox.is_on",
            },
            item("Other systems", "webhook", "notifications_subscription_changelist"),
            item("Webhooks", "outbound", "notifications_hook_changelist"),
            item("Events", "bolt", "notifications_event_changelist"),
            item("Opt-outs", "do_not_disturb_on", "notifications_optout_changelist"),
        ],
    },
    {
        "title": "System",
        "separator": True,
        "collapsible": True,
        "items": [
            item("Users", "manage_accounts", "teams_user_changelist"),
            item("API tokens", "key", "authtoken_tokenproxy_changelist"),
            item("Background tasks", "manufacturing", "django_q_ormq_changelist", "/admin/django_q/"),
        ],
    },
]

INDIGO = {  # the accent of the reps' pages
    "50": "#f4f6fe",
    "100": "#eef1fd",
    "200": "#d5dcfb",
    "300": "#b3c0f8",
    "400": "#92a6ff",
    "500": "#6b83f0",
    "600": "#3452d1",
    "700": "#2b44b0",
    "800": "#26398c",
    "900": "#22316f",
    "950": "#161f47",
}

TABS = [
    {
        "models": ["django_q.ormq", "django_q.schedule", "django_q.success", "django_q.failure"],
        "items": [
            {"title": title, "link": reverse_lazy(f"admin:django_q_{name}_changelist")}
            for title, name in (
                ("Waiting", "ormq"),
                ("Schedules", "schedule"),
                ("Done", "success"),
                ("Failed", "failure"),
            )
        ],
    },
    {
        "models": ["rules.scorerule", "rules.tier"],
        "items": [
            {"title": "Points", "link": reverse_lazy("admin:rules_scorerule_changelist")},
            {"title": "Tiers", "link": reverse_lazy("admin:rules_tier_changelist")},
        ],
    },
    {
        "models": ["leads.suspect", "assignments.merge"],
        "items": [
            {"title": "To be judged", "link": reverse_lazy("admin:leads_suspect_changelist")},
            {"title": "Merged", "link": reverse_lazy("admin:assignments_merge_changelist")},
        ],
    },
    {
        "models": ["sla.clock", "sla.escalation"],
        "items": [
            {"title": "Clocks", "link": reverse_lazy("admin:sla_clock_changelist")},
            {"title": "Escalations", "link": reverse_lazy("admin:sla_escalation_changelist")},
        ],
    },
    {
        "models": ["teams.officehours", "teams.holiday"],
        "items": [
            {"title": "Office hours", "link": reverse_lazy("admin:teams_officehours_changelist")},
            {"title": "Own holidays", "link": reverse_lazy("admin:teams_holiday_changelist")},
        ],
    },
]

UNFOLD = {
    "SITE_TITLE": "Leadrouting",
    "SITE_HEADER": "Leadrouting",
    "SITE_SUBHEADER": "Sales ops",
    "SITE_URL": "/",
    "SITE_SYMBOL": "alt_route",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("leadrouting/logo.svg")},
    ],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": True,
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard",
    "COLORS": {"primary": INDIGO},
    "STYLES": [lambda request: static("admin/leadrouting.css")],
    "SCRIPTS": [lambda request: static("admin/leadrouting.js")],
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": NAVIGATION},
    "TABS": TABS,
}

"""Who may open and do what, tried by address: every address of the workspace, everybody, in one table."""

from __future__ import annotations

from collections import Counter

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from leadrouting.assignments.models import Stir
from leadrouting.workspace.urls import urlpatterns
from leadrouting.workspace.views.acts import ACTS
from tests.workspace.addresses import OPEN, PAGES, POSTS, WAYS, House, whole_house

EVERYBODY = {"priya", "tom", "rival", "mira", "other", "ops"}
LEADERS = {"mira", "other", "ops"}
HERS = {"priya", "mira", "ops"}  # of Priya and her lead: she, her manager, sales ops
ABOVE = {"mira", "ops"}
ONLY_SHE = {"priya"}
STRANGERS = {"service", "visitor"}

MAY_SEE = {
    **dict.fromkeys("home leads new_lead tasks inbox hearing fairness calendar".split(), EVERYBODY),
    **dict.fromkeys(("lead", "coaching", "reach_of"), HERS),
    **dict.fromkeys(("team", "team_board"), LEADERS),
    "reach": {"priya", "tom", "rival"},
    "report": ABOVE,
    "open_message": ONLY_SHE,
}
MAY_DO = {
    **dict.fromkeys(ACTS, HERS),
    **dict.fromkeys("read_all save_hearing add_device add_chat test_hearing go_away".split(), EVERYBODY),
    **dict.fromkeys(("remove_device", "remove_chat"), ONLY_SHE),
    **dict.fromkeys(("presence_of", "weigh"), ABOVE),
    "presence": {"priya", "tom", "rival"},
    "take": HERS | {"tom"},
    "withdraw_absence": ABOVE | {"tom"},
}
GIVEN = {  # what makes a form complete; the rest is complete as it is
    "decline": {"reason": "other", "other": "Not mine"},
    "log": {"kind": "call", "text": "We spoke"},
    "close": {"outcome": "lost", "lost_reason": "No budget"},
    "pause": {"reason": "They ask their lawyers"},
    "rate": {"fit": "5"},
    "disagree": {"reason": "other", "other": "Not my market"},
    "settle": {"answer": "Noted"},
    "add-task": {"title": "Ring them", "due_at": "2030-01-01T10:00"},
    "presence": {"presence": "away"},
    "presence_of": {"presence": "away"},
    "add_chat": {"url": "https://hooks.slack.com/services/T0/B0/x"},
}
TOLD = (
    "take",
    "remove_device",
    "remove_chat",
    "withdraw_absence",
)  # back to their own page, where words say so
KEPT = [  # what people work with; not who was seen when, nor what that stirs
    model._meta.db_table
    for name in ("leads", "assignments", "sla", "notifications", "analytics", "rules")
    for model in apps.get_app_config(name).get_models()
    if model is not Stir
] + ["teams_absence", "teams_membership"]


@pytest.fixture
def house(db: None) -> House:
    return whole_house()


def client_of(house: House, who: str) -> Client:
    client = Client()
    if who != "visitor":
        client.force_login(house.person(who))
    return client


def is_turned_away(answer: HttpResponse) -> bool:
    to_login = answer.status_code == 302 and answer.headers["Location"].startswith("/login/")
    return to_login or answer.status_code in (403, 404)


def everything() -> list[tuple[str, str]]:
    """A hash of each table. Two that are equal hold the same rows."""
    one = "SELECT '{0}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {0} t"
    presence = "SELECT 'presence', string_agg(user_id || presence, '|' ORDER BY user_id) FROM teams_rep"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([presence, *(one.format(table) for table in KEPT)]))
        return sorted(cursor.fetchall())


def test_every_address_is_in_the_table_under_a_name_of_its_own():
    assert [name for name, times in Counter(one.name for one in urlpatterns).items() if times > 1] == []
    assert {*MAY_SEE, *MAY_DO, *OPEN} == {one.name for one in urlpatterns}
    assert MAY_SEE.keys() == {*PAGES, *WAYS}
    assert MAY_DO.keys() == {*POSTS}


@pytest.mark.parametrize("who", sorted(EVERYBODY | STRANGERS))
def test_who_sees_what(house, who):
    client = client_of(house, who)
    for name, people in MAY_SEE.items():
        ask = client.post if name == "open_message" else client.get
        answer = ask(house.address(name))
        assert is_turned_away(answer) == (who not in people), (name, answer)
        assert name not in PAGES or who not in people or answer.status_code == 200, (name, answer)


@pytest.mark.parametrize("name", sorted(MAY_DO))
def test_only_who_may_changes_anything(house, name):
    for who in sorted((EVERYBODY | STRANGERS) - MAY_DO[name]):
        before, client = everything(), client_of(house, who)
        answer = client.post(house.address(name), GIVEN.get(name, {}))
        assert everything() == before, who
        assert is_turned_away(answer) or name in TOLD, (who, answer)
    for who in sorted(MAY_DO[name]):
        answer = client_of(house, who).post(house.address(name), GIVEN.get(name, {}))
        assert not is_turned_away(answer), (who, answer)
        assert answer.status_code in (302, 409, 422), (who, answer)


@pytest.mark.parametrize("name", sorted(MAY_DO))
def test_looking_changes_nothing(house, name):
    before = everything()
    for who in sorted(MAY_DO[name]):
        answer = client_of(house, who).get(house.address(name))
        assert answer.status_code in (302, 405), (who, answer)
    assert everything() == before


def test_a_rep_sees_of_colleagues_only_what_pools_show_in_total(house):
    """Priya's leads and what was said about them are on no page of Tom's, though they share a pool."""
    client = client_of(house, "tom")
    for name in PAGES:
        page = client.get(house.address(name)).content.decode()
        for hers in ("Anna Berg", "Bergström", "Lead 1", "Send the offer", "Big one, hurry"):
            assert hers not in page, name

"""A lead's page: what it shows to whom, its forms, second clicks and stale pages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadrouting.assignments import ownership
from leadrouting.leads.models import Activity, Attribute, Lead
from leadrouting.sla.models import Clock
from leadrouting.sla.services import act
from leadrouting.teams.models import Rep, User
from leadrouting.workspace.about import about
from tests import world
from tests.workspace.scenes import HTMX


def page_of(response) -> str:
    return response.content.decode()


def test_it_shows_who_why_the_clock_and_one_click_ways_to_reach_them(scene, as_):
    page = page_of(as_(scene.priya).get(f"/leads/{scene.lead.pk}/"))
    assert 'href="tel:+4930901820"' in page
    assert f'href="mailto:{scene.lead.email}"' in page
    assert "WhatsApp" not in page
    assert "Why me" in page
    assert "Priya Raghunathan, by rule “Rule 1”: round robin in EMEA inbound; 1 other was away." in page
    assert "Tom Dvorak was away" in page
    assert "“Rule 1” matched: for every lead." in page
    assert "First EMEA inbound" in page
    assert "First response in" in page
    assert "Please call me.<br>Soon." in page


def test_what_leads_write_is_never_markup(scene, as_):
    lead = scene.priyas(name="<script>alert(1)</script>", message="<b>x</b>", attributes={"a_b": "<i>"})
    page = page_of(as_(scene.priya).get(f"/leads/{lead.pk}/"))
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert "<i>" not in page


def test_it_says_what_ops_want_to_know_in_words(scene, as_, django_assert_num_queries):
    """Also an attribute that was made a moment ago, and a value whose attribute is gone."""
    held = {"seats": 12000, "trial": False, "modules": ["CRM", "Mail"], "old_key": "as it was"}
    lead = scene.priyas(attributes=held)
    for key, label, kind in (
        ("seats", "seats", "number"),
        ("trial", "in trial", "yes_no"),
        ("modules", "modules", "set"),
    ):
        Attribute.objects.create(key=key, label=label, type=kind, unit="seats" if kind == "number" else "")
    with django_assert_num_queries(1):
        rows = about(lead)
    assert rows[-4:] == [
        ("In trial", "No"),
        ("Modules", "CRM, Mail"),
        ("Seats", "12,000 seats"),
        ("Old key", "as it was"),
    ]
    assert "12,000 seats" in page_of(as_(scene.priya).get(f"/leads/{lead.pk}/"))
    lead.attributes = {}
    with django_assert_num_queries(0):
        about(lead)


def test_another_reps_lead_is_not_there(scene, as_):
    for person in (scene.tom, world.user(role=User.Role.MANAGER)):
        response = as_(person).get(f"/leads/{scene.lead.pk}/")
        assert response.status_code == 404
        assert "Anna" not in page_of(response)
        assert as_(person).post(f"/leads/{scene.lead.pk}/accept/").status_code == 404
    assert as_(scene.priya).get("/leads/999999/").status_code == 404


def test_the_timeline_merges_what_happened_newest_first(scene, as_):
    client = as_(scene.priya)
    client.post(f"/leads/{scene.lead.pk}/accept/")
    client.post(f"/leads/{scene.lead.pk}/log/", {"kind": "call", "text": "Left a voicemail"})
    client.post(f"/leads/{scene.lead.pk}/close/", {"outcome": "won", "revenue": "12,500.50"})
    file = client.get(f"/leads/{scene.lead.pk}/").context["file"]
    assert [entry.title for entry in file.timeline] == [
        "Outcome",
        "Call",
        "Accepted",
        "Assigned to Priya Raghunathan",
        "Received by API",
    ]
    scene.lead.refresh_from_db()
    assert (scene.lead.status, scene.lead.revenue) == ("won", Decimal("12500.50"))


def test_an_outcome_can_be_taken_back_where_it_was_entered(scene, as_):
    client = as_(scene.priya)
    client.post(f"/leads/{scene.lead.pk}/close/", {"outcome": "junk", "reason": "A mistake"})
    page = page_of(client.get(f"/leads/{scene.lead.pk}/"))
    assert "Closed by Priya Raghunathan" in page and "Junk: A mistake" in page and "Undo" in page
    said = page_of(client.post(f"/leads/{scene.lead.pk}/reopen/", follow=True))
    assert "Anna Berg is open again, as it was." in said
    Activity.objects.filter(kind="outcome").update(at=scene.now - timedelta(hours=1))
    client.post(f"/leads/{scene.lead.pk}/close/", {"outcome": "junk"})
    Activity.objects.filter(kind="outcome").update(at=scene.now - timedelta(hours=1))
    assert "Closed by" not in page_of(client.get(f"/leads/{scene.lead.pk}/"))
    assert "Open it again" in page_of(as_(scene.mira).get(f"/leads/{scene.lead.pk}/"))


def test_logging_a_response_stops_the_clock_and_a_note_does_not(scene, as_):
    client = as_(scene.priya)
    client.post(f"/leads/{scene.lead.pk}/log/", {"kind": "note", "text": "Looks big"})
    assert Clock.objects.get(lead=scene.lead).ended_at is None
    client.post(f"/leads/{scene.lead.pk}/log/", {"kind": "email", "text": ""})
    assert Clock.objects.get(lead=scene.lead).outcome == "met"
    assert "Answered in time" in page_of(client.get(f"/leads/{scene.lead.pk}/"))


def test_a_meeting_is_a_stage_of_its_own(scene, as_):
    as_(scene.priya).post(f"/leads/{scene.lead.pk}/log/", {"kind": "meeting", "text": "Thursday"})
    scene.lead.refresh_from_db()
    assert scene.lead.status == "meeting"


@pytest.mark.parametrize(
    ("form", "values", "said"),
    [
        ("log", {"kind": "note", "text": " "}, "Write the note first."),
        ("log", {"kind": "smoke signal", "text": "My words"}, "Say what it was"),
        ("decline", {"reason": "  "}, "Say why you decline"),
        ("close", {"outcome": "won", "revenue": ""}, "A won lead needs its revenue"),
        ("close", {"outcome": "won", "revenue": "12,50"}, "“12,50” is not an amount."),
        ("close", {"outcome": "won", "revenue": "-1"}, "“-1” is not an amount."),
        ("close", {"outcome": "sold"}, "The outcome is won, lost or junk."),
    ],
)
def test_bad_input_is_answered_with_what_to_do_and_what_was_typed(scene, as_, form, values, said):
    response = as_(scene.priya).post(f"/leads/{scene.lead.pk}/{form}/", values)
    assert response.status_code == 422
    assert said in page_of(response)
    assert values.get("text", "").strip() in page_of(response)
    scene.lead.refresh_from_db()
    assert scene.lead.status == "assigned"


def test_declining_hands_it_to_the_next_and_tells_who(scene, as_):
    client = as_(scene.priya)
    response = client.post(f"/leads/{scene.lead.pk}/decline/", {"reason": "Not my product"}, follow=True)
    assert response.redirect_chain == [("/leads/", 302)]
    assert "You passed on Anna Berg. Tom Dvorak has it now." in page_of(response)
    again = client.post(f"/leads/{scene.lead.pk}/decline/", {"reason": "Not my product"})
    assert again.status_code == 409
    assert "You passed it on at" in page_of(again)


def test_a_second_click_changes_nothing(scene, as_):
    client = as_(scene.priya)
    for _ in range(2):
        client.post(f"/leads/{scene.lead.pk}/accept/")
        client.post(f"/leads/{scene.lead.pk}/log/", {"kind": "call", "text": "Hello"})
    kinds = Activity.objects.filter(lead=scene.lead).values_list("kind", flat=True)
    assert sorted(kinds) == ["accepted", "call"]
    for _ in range(2):
        last = client.post(f"/leads/{scene.lead.pk}/close/", {"outcome": "lost", "reason": "No budget"})
    assert last.status_code == 409
    assert "closed already (lost)" in page_of(last)


def test_a_page_that_is_stale_keeps_what_was_typed(scene, as_):
    clock = Clock.objects.get(lead=scene.lead)
    act(clock.pk, scene.lead.pk, clock.due_at + timedelta(seconds=1))
    client = as_(scene.priya)
    response = client.post(f"/leads/{scene.lead.pk}/log/", {"kind": "call", "text": "We talked for an hour"})
    assert response.status_code == 409
    assert "The deadline for the first response passed" in page_of(response)
    assert "We talked for an hour" in page_of(response)
    assert client.get(f"/leads/{scene.lead.pk}/").status_code == 404


def test_a_link_to_an_action_leads_to_the_lead(scene, as_):
    response = as_(scene.priya).get(f"/leads/{scene.lead.pk}/log/")
    assert response.headers["Location"] == f"/leads/{scene.lead.pk}/"


def test_htmx_takes_the_same_way(scene, as_):
    client, address = as_(scene.priya), f"/leads/{scene.lead.pk}/"
    here = {**HTMX, "HTTP_HX_CURRENT_URL": f"http://testserver{address}"}
    assert client.post(f"{address}accept/", **here).headers["Location"] == address
    gone = client.post(f"{address}decline/", {"reason": "No time"}, **here)
    assert gone.headers["HX-Redirect"] == "/leads/"


def test_accepting_from_the_list_stays_on_the_list(scene, as_):
    here = {**HTMX, "HTTP_HX_CURRENT_URL": "http://testserver/leads/?show=to-answer"}
    response = as_(scene.priya).post(f"/leads/{scene.lead.pk}/accept/", {"back": "leads"}, **here)
    assert response.headers["Location"] == "/leads/?show=to-answer"


class TestManager:
    def test_reassigns_within_the_team_with_a_reason(self, scene, as_):
        client = as_(scene.mira)
        page = page_of(client.get(f"/leads/{scene.lead.pk}/"))
        assert "Tom Dvorak · 0 open · available" in page
        assert "Why Priya Raghunathan" in page
        response = client.post(
            f"/leads/{scene.lead.pk}/reassign/", {"to": scene.tom.pk, "reason": "Knows them"}, follow=True
        )
        assert "Reassigned. Tom Dvorak has it now." in page_of(response)
        scene.lead.refresh_from_db()
        assert scene.lead.owner_id == scene.tom.pk

    @pytest.mark.parametrize("missing", ["to", "reason"])
    def test_must_say_who_and_why(self, scene, as_, missing):
        values = {"to": scene.tom.pk, "reason": "Knows them"} | {missing: ""}
        response = as_(scene.mira).post(f"/leads/{scene.lead.pk}/reassign/", values)
        assert response.status_code == 422
        assert ("Choose who gets the lead." if missing == "to" else "Say why the lead moves") in page_of(
            response
        )

    def test_cannot_reach_into_other_teams(self, scene, as_):
        stranger = world.rep()
        response = as_(scene.mira).post(
            f"/leads/{scene.lead.pk}/reassign/", {"to": stranger.pk, "reason": "x"}
        )
        assert "Choose one of the reps in the list." in page_of(response)

    def test_adds_notes_and_cannot_answer_for_the_owner(self, scene, as_):
        client = as_(scene.mira)
        assert (
            client.post(f"/leads/{scene.lead.pk}/log/", {"kind": "note", "text": "Hurry"}).status_code == 302
        )
        refused = client.post(f"/leads/{scene.lead.pk}/log/", {"kind": "call", "text": "I rang"})
        assert refused.status_code == 409
        assert "I rang" in page_of(refused)

    def test_assigns_what_waits_in_an_own_queue(self, scene, as_):
        stray = world.lead(name="Stray")
        ownership.route_many([ownership.Order(stray.pk, to_catch_all=True)], scene.now)
        client = as_(scene.mira)
        assert "Waiting in Triage EMEA" in page_of(client.get(f"/leads/{stray.pk}/"))
        client.post(f"/leads/{stray.pk}/reassign/", {"to": scene.tom.pk, "reason": "By hand"})
        stray.refresh_from_db()
        assert stray.owner_id == scene.tom.pk


def test_a_rep_cannot_reassign(scene, as_):
    response = as_(scene.priya).post(
        f"/leads/{scene.lead.pk}/reassign/", {"to": scene.tom.pk, "reason": "Please"}
    )
    assert response.status_code in (409, 422)
    scene.lead.refresh_from_db()
    assert scene.lead.owner_id == scene.priya.pk


def test_a_long_story_costs_the_same(scene, as_):
    client, address = as_(scene.mira), f"/leads/{scene.lead.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as short:
        client.get(address)
    for number in range(1, 12):
        to = scene.tom if number % 2 else scene.priya
        at = scene.now + timedelta(seconds=number)
        ownership.note(scene.lead, "note", scene.mira, at, f"Note {number}")
        ownership.reassign(lead_id=scene.lead.pk, to=to, by=scene.mira, reason="Back and forth", now=at)
    with CaptureQueriesContext(connection) as long:
        client.get(address)
    assert len(long) <= len(short) <= 31


def test_the_open_page_is_told_of_every_change(scene, as_, django_assert_num_queries):
    client, address = as_(scene.priya), f"/leads/{scene.lead.pk}/"
    stamp = client.get(address).context["stamp"]
    with django_assert_num_queries(4):  # session, user, the lead, stamp
        assert client.get(f"{address}?stamp={stamp}", **HTMX).status_code == 204
    ownership.note(scene.lead, "note", scene.mira, scene.now, "From your manager")
    assert "From your manager" in page_of(client.get(f"{address}?stamp={stamp}", **HTMX))
    ownership.reassign(lead_id=scene.lead.pk, to=scene.tom, by=scene.mira, reason="x", now=scene.now)
    gone = client.get(f"{address}?stamp={stamp}", **HTMX)
    assert gone.status_code == 404
    assert "Anna Berg has moved on" in page_of(gone)


def test_the_page_and_the_list_say_how_much_the_owner_carries(scene, as_):
    Rep.objects.filter(pk=scene.priya.pk).update(max_open=20)
    assert "1 of 20 open" in as_(scene.priya).get(f"/leads/{scene.lead.pk}/").content.decode()
    assert "1 of 20 open" in as_(scene.priya).get("/leads/").content.decode()
    assert "1 of 20 open" in as_(scene.mira).get(f"/leads/?rep={scene.priya.pk}").content.decode()


def test_where_it_came_from_and_what_the_score_is_made_of(client, scene):
    Lead.objects.filter(pk=scene.lead.pk).update(
        ad="Spring video",
        click_ids={"gclid": "abc"},
        referred_by="Ben",
        consent=True,
        consent_text="You may call me.",
        score=65,
        score_reasons=[[40, "Asked for a demo"], [25, "Writes from a company"]],
    )
    client.force_login(scene.priya.user)
    page = client.get(f"/leads/{scene.lead.pk}/").content.decode()
    for said in ("Spring video", "gclid abc", "Ben", "Yes: “You may call me.”"):
        assert said in page
    assert "65: +40 Asked for a demo, +25 Writes from a company" in page


def test_what_is_not_as_it_came(client, scene):
    Lead.objects.filter(pk=scene.lead.pk).update(
        original={
            "phone": "0151 <b>23",
            "email": {"came": "anna at acme", "problem": "No @"},
            "language": {"from": "text"},
            "urgency": {"from": "“asap”"},
            "score": {"from": "score", "was": None},
        }
    )
    client.force_login(scene.priya.user)
    page = client.get(f"/leads/{scene.lead.pk}/").content.decode()
    assert "e-mail “anna at acme”" in page and "phone “0151 &lt;b&gt;23”" in page
    assert "language from the text, urgency from “asap”" in page

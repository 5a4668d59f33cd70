"""Saying that one is there: written down; and one click back for who was set away."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.test import Client
from django.utils import timezone

from leadrouting.notifications.models import Message
from leadrouting.teams.availability import set_presence
from leadrouting.teams.models import Absence, PresenceChange, Rep, User
from tests import world

Cause = PresenceChange.Cause


def test_presence_is_written_down_once(scene, as_):
    client = as_(scene.priya)
    client.post("/presence/", {"presence": "away"})
    client.post("/presence/", {"presence": "away"})
    change = PresenceChange.objects.get()
    assert (change.rep, change.presence, change.cause, change.by) == (
        scene.priya,
        "away",
        Cause.SELF,
        scene.priya.user,
    )
    assert "You were set away" not in client.get("/leads/").content.decode()


def test_who_was_set_away_reads_why_and_is_back_with_a_click(scene, as_):
    now = timezone.now()
    why = "Three deadlines missed in a row"
    set_presence(rep_id=scene.priya.pk, presence="away", cause=Cause.SYSTEM, now=now, reason=why)
    client = as_(scene.priya)
    page = client.get("/leads/").content.decode()
    assert why in page and "I am available" in page
    client.post("/presence/", {"presence": "available"})
    assert Rep.objects.get(pk=scene.priya.pk).presence == "available"
    assert "You were set away" not in client.get("/leads/").content.decode()


def test_a_manager_sets_a_rep_away_who_reads_who_did_it(scene, as_):
    manager, rep, address = as_(scene.mira), as_(scene.priya), f"/team/reps/{scene.priya.pk}/presence/"
    assert manager.get(address)["Location"] == "/team/"
    said = manager.post(address, {"presence": "away"}, follow=True).content.decode()
    assert "Priya Raghunathan is away now, and has been told" in said
    again = manager.post(address, {"presence": "away"}, follow=True).content.decode()
    assert "was away already. Nothing has changed." in again
    change = PresenceChange.objects.get()
    assert (change.presence, change.cause, change.by) == ("away", Cause.MANAGER, scene.mira)
    message = Message.objects.get(recipient=scene.priya.user, kind="away")
    assert message.subject == "Mira Lindqvist set you to away"
    assert "Mira Lindqvist set you to away at" in rep.get("/leads/").content.decode()
    team = manager.get("/team/").content.decode()
    assert "Away since" in team and "by Mira Lindqvist" in team
    manager.post(address, {"presence": "available"})
    assert "set you to away at" not in rep.get("/leads/").content.decode()
    assert Message.objects.filter(recipient=scene.priya.user, subject__endswith="available").count() == 1


def test_one_s_own_word_is_no_news(scene, as_):
    as_(scene.priya).post("/presence/", {"presence": "busy"})
    assert not Message.objects.filter(kind="away").exists()
    assert "set you to busy" not in as_(scene.priya).get("/leads/").content.decode()
    assert "by their own word" in as_(scene.mira).get("/team/").content.decode()


def test_only_the_manager_of_the_team_and_sales_ops_may(scene, as_):
    address = f"/team/reps/{scene.priya.pk}/presence/"
    stranger = world.user(role=User.Role.MANAGER)
    assert as_(stranger).post(address, {"presence": "away"}).status_code == 404
    assert as_(scene.tom).post(address, {"presence": "away"}).status_code == 403
    assert as_(scene.priya).post(address, {"presence": "away"}).status_code == 403
    assert Client().post(address, {"presence": "away"}).status_code == 302
    assert not PresenceChange.objects.exists()
    ops = as_(world.user("Olga Ops", role=User.Role.OPS))
    ops.post(address, {"presence": "busy"})
    assert PresenceChange.objects.get().cause == Cause.OPS


def test_what_makes_no_sense_is_refused(scene, as_):
    manager, address = as_(scene.mira), f"/team/reps/{scene.priya.pk}/presence/"
    assert "Choose available, busy or away." in manager.post(address, follow=True).content.decode()
    answer = manager.post(address, {"presence": "busy", "back": "https://elsewhere.example/"})
    assert answer["Location"] == "/team/"
    Rep.objects.filter(pk=scene.priya.pk).update(is_active=False)
    said = manager.post(address, {"presence": "away"}, follow=True).content.decode()
    assert "is switched off and gets no leads" in said


def test_the_team_page_says_until_when_somebody_is_absent(scene, as_):
    Rep.objects.filter(pk=scene.priya.pk).update(time_zone="Asia/Tokyo")
    today = scene.now.astimezone(ZoneInfo("Asia/Tokyo")).date()
    Absence.objects.create(rep=scene.priya, first_day=today, last_day=today)
    (row,) = (one for one in as_(scene.mira).get("/team/").context["workload"] if one.is_absent)
    assert row.rep == scene.priya
    midnight = datetime.combine(today + timedelta(days=1), time(), tzinfo=ZoneInfo("Asia/Tokyo"))
    assert row.back_at == midnight


def test_out_of_office_by_the_manager_is_told_to_the_rep(scene, as_):
    manager = as_(scene.mira)
    assert (
        f'value="{scene.tom.pk}" selected'
        in manager.get(f"/team/calendar/?rep={scene.tom.pk}").content.decode()
    )
    day = (scene.now + timedelta(days=3)).date()
    values = {"rep": scene.tom.pk, "first_day": day, "last_day": day}
    manager.post("/team/calendar/away/", values)
    subjects = Message.objects.filter(recipient=scene.tom.user, kind="away").values_list("subject", flat=True)
    assert list(subjects) == ["Mira Lindqvist says that you are out of office"]
    manager.post(f"/team/calendar/away/{Absence.objects.get().pk}/withdraw/")
    assert subjects.filter(subject__contains="took back").count() == 1
    as_(scene.tom).post("/team/calendar/away/", values)
    assert subjects.all().count() == 2
